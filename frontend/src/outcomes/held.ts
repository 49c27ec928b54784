/**
 * Changes whose outcome isn't known yet, kept among the drafts of the person who made them: what is done offline is sent
 * also when the page was closed meanwhile. What creates something is in unsent.ts, with its key.
 */
import { drafts, setDraft } from '../drafts/drafts.ts';
import { t } from '../i18n/index.ts';
import { newId } from '../ui/ids.ts';
import { toast } from '../ui/toasts.ts';
import { isLeftOver, KEY_LASTS_MS, stamp, type Stamp } from './unsent.ts';

/** A change as JSON: what is done, by its name in task/replay.ts, and to what. */
export interface Change {
  kind: string;
  args: object;
}

type Kept = Change & Stamp & { what: string; isSent: boolean };

const PREFIX = 'held:';
/** What this page is sending itself. */
const sending = new Set<string>();

export interface Hold {
  /** Call it before each request: from now on the change may have been saved. */
  sending: () => void;
  /** Call it when the outcome is known, or with true when who made the change has gone: then it stays held. */
  release: (hasGone: boolean) => void;
}

/** A function is called anew before each request, for what is then to be compared after a lost answer. */
export function hold(change: Change | (() => Change), what: string): Hold {
  const scope = `${PREFIX}${newId()}`;
  const at = stamp();
  const keep = (isSent: boolean) => {
    const extra: Kept = { ...(typeof change === 'function' ? change() : change), ...at, aliveAt: Date.now(), what, isSent };
    setDraft(scope, { text: what, extra });
  };
  sending.add(scope);
  keep(false);
  return {
    sending: () => keep(true),
    release: (hasGone) => {
      sending.delete(scope);
      if (!hasGone) setDraft(scope, undefined);
    },
  };
}

function leftOver(graceMs: number) {
  return [...drafts.get()]
    .filter(([scope]) => scope.startsWith(PREFIX) && !sending.has(scope))
    .map(([scope, { extra }]) => ({ scope, change: extra as Kept }))
    .filter(({ change }) => isLeftOver(change, graceMs));
}

export function isAnyHeld(graceMs = 0): boolean {
  return leftOver(graceMs).length > 0;
}

export interface LeftOver {
  change: Change;
  /** It may have been saved; otherwise it was never sent, and there is nothing to compare. */
  isSent: boolean;
}

/** Takes the changes that were under way when the page was left, in their order; says which have become too old. */
export function takeLeftOver(graceMs = 0): LeftOver[] {
  const found = leftOver(graceMs).sort((a, b) => a.change.at - b.change.at);
  for (const { scope } of found) setDraft(scope, undefined);
  const isOld = ({ at }: Kept) => Date.now() - at > KEY_LASTS_MS;
  for (const { change } of found) if (isOld(change)) tellTooOld(change);
  return found
    .filter(({ change }) => !isOld(change))
    .map(({ change: { kind, args, isSent } }) => ({ change: { kind, args }, isSent }));
}

function tellTooOld({ kind, what }: Kept): void {
  const text = t(kind.startsWith('remove') ? 'outcome.deleteFailed' : 'outcome.changeFailed', { what });
  toast({ kind: 'error', text, detail: t('outcome.tooOld'), stays: true });
}
