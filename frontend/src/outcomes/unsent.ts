/**
 * Creates whose outcome isn't known yet, kept among the drafts of the person who made them. After a reload or a new
 * sign-in they are sent again with their key, which makes nothing twice.
 */
import { drafts, setDraft, type Draft } from '../drafts/drafts.ts';
import { newId } from '../ui/ids.ts';

export type Kind = 'task' | 'comment' | 'label' | 'invitation' | 'team';

export interface Unsent {
  key: string;
  path: string;
  body: object;
  what: string;
  kind: Kind | undefined;
  from: { scope: string; draft: Draft } | undefined;
  /** `unknown`: its text was given back, and its author decides. */
  state: 'sending' | 'unknown';
}

interface Kept extends Unsent {
  tab: string;
  at: number;
}

const PREFIX = 'unsent:';
/** The server knows a key for 24 hours. */
const KEY_LASTS_MS = 23 * 3_600_000;
/** What another tab hasn't settled in this time, it won't: it was closed. */
const OTHER_TAB_MS = 120_000;

/** This tab, also after a reload. */
const tab = tabId();
/** What this page is sending itself. */
const sending = new Set<string>();

function tabId(): string {
  const name = 'taskhub.tab';
  try {
    const kept = sessionStorage.getItem(name) ?? newId();
    sessionStorage.setItem(name, kept);
    return kept;
  } catch {
    return newId();
  }
}

function kept(draft: Draft): Kept {
  return draft.extra as Kept;
}

function all(): Kept[] {
  return [...drafts.get()].filter(([scope]) => scope.startsWith(PREFIX)).map(([, draft]) => kept(draft));
}

export function remember(unsent: Unsent): void {
  if (unsent.state === 'sending') sending.add(unsent.key);
  else sending.delete(unsent.key);
  const extra: Kept = { ...unsent, tab, at: Date.now() };
  setDraft(`${PREFIX}${unsent.key}`, { text: unsent.what, key: unsent.key, extra });
}

export function forget(key: string): void {
  sending.delete(key);
  setDraft(`${PREFIX}${key}`, undefined);
}

/** The key under which exactly this was sent before without an answer. */
export function keyOf(path: string, body: object): string | undefined {
  const json = JSON.stringify(body);
  return all().find(
    (one) =>
      one.path === path &&
      one.state === 'unknown' &&
      Date.now() - one.at < KEY_LASTS_MS &&
      JSON.stringify(one.body) === json,
  )?.key;
}

/** What was on its way when the page was left, to be sent again; too old keys are forgotten. */
export function leftOver(): Unsent[] {
  const found: Unsent[] = [];
  for (const one of all()) {
    const age = Date.now() - one.at;
    if (age > KEY_LASTS_MS) forget(one.key);
    else if (one.state === 'sending' && !sending.has(one.key) && (one.tab === tab || age > OTHER_TAB_MS)) found.push(one);
  }
  return found;
}
