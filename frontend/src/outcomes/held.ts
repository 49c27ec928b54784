/**
 * Changes whose outcome isn't known yet, kept among the drafts of the person who made them: what is done offline is sent
 * also when the page was closed meanwhile. What creates something is in unsent.ts, with its key.
 */
import { drafts, setDraft } from '../drafts/drafts.ts';
import { newId } from '../ui/ids.ts';
import { isLeftOver, stamp, type Stamp } from './unsent.ts';

/** A change as JSON: what is done, by its name in task/replay.ts, and to what. */
export interface Change {
  kind: string;
  args: object;
}

type Kept = Change & Stamp & { what: string };

const PREFIX = 'held:';
/** What this page is sending itself. */
const sending = new Set<string>();

/** Call what it gives when the outcome is known, or with true when who made the change has gone: then it stays held. */
export function hold(change: Change, what: string): (hasGone: boolean) => void {
  const scope = `${PREFIX}${newId()}`;
  sending.add(scope);
  const extra: Kept = { ...change, what, ...stamp() };
  setDraft(scope, { text: what, extra });
  return (hasGone) => {
    sending.delete(scope);
    if (!hasGone) setDraft(scope, undefined);
  };
}

function leftOver() {
  return [...drafts.get()]
    .filter(([scope]) => scope.startsWith(PREFIX) && !sending.has(scope))
    .map(([scope, { extra }]) => ({ scope, change: extra as Kept }))
    .filter(({ change }) => isLeftOver(change));
}

export function isAnyHeld(): boolean {
  return leftOver().length > 0;
}

/** Takes the changes that were under way when the page was left, in their order. */
export function takeLeftOver(): Change[] {
  const found = leftOver().sort((a, b) => a.change.at - b.change.at);
  for (const { scope } of found) setDraft(scope, undefined);
  return found.map(({ change }) => change);
}
