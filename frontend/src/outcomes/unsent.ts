/**
 * Creates whose outcome isn't known yet, kept among the drafts of the person who made them. After a reload or a new
 * sign-in they are sent again with their key, which makes nothing twice.
 */
import { drafts, flushDrafts, setDraft, type Draft } from '../drafts/drafts.ts';
import { newId } from '../ui/ids.ts';
import type { Origin } from './create.ts';

export type Kind = 'task' | 'comment' | 'label' | 'invitation' | 'team';

export interface Unsent {
  key: string;
  path: string;
  body: object;
  what: string;
  kind: Kind | undefined;
  from: Origin | undefined;
  /** `unknown`: its text was given back, and its author decides. */
  state: 'sending' | 'unknown';
  /** When a request was first sent that may have been saved: the server may know its key since then. */
  sentAt?: number | undefined;
}

/** Which tab wrote something down to be sent, and when. */
export interface Stamp {
  tab: string;
  at: number;
  /** The tab was left before the outcome was known. */
  isLeft?: boolean;
}

type Kept = Unsent & Stamp;

const PREFIX = 'unsent:';
/** The server knows a key for 24 hours. */
export const KEY_LASTS_MS = 23 * 3_600_000;

/** Whether the server may have forgotten the key of a request: sent again, it could create the same thing twice. */
export function hasExpired(sentAt: number | undefined): boolean {
  return sentAt !== undefined && Date.now() - sentAt > KEY_LASTS_MS;
}
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

let lastAt = 0;

/** No two of a tab have one time: they are sent again in their order. */
export function stamp(): Stamp {
  lastAt = Math.max(Date.now(), lastAt + 1);
  return { tab, at: lastAt };
}

/** Whether the tab that wrote it was this one before a reload, or was closed. */
export function isLeftOver({ tab: of, at, isLeft = false }: Stamp): boolean {
  return of === tab || isLeft || Date.now() - at > OTHER_TAB_MS;
}

addEventListener('pagehide', () => {
  for (const [scope, draft] of drafts.get()) {
    if (!/^(unsent|held):/.test(scope) || (draft.extra as Stamp).tab !== tab) continue;
    setDraft(scope, { ...draft, extra: { ...(draft.extra as Stamp), isLeft: true } });
  }
  flushDrafts();
});

function kept(draft: Draft): Kept {
  return draft.extra as Kept;
}

function all(): Kept[] {
  return [...drafts.get()].filter(([scope]) => scope.startsWith(PREFIX)).map(([, draft]) => kept(draft));
}

/** When a request with this key was first sent, perhaps before a reload. */
export function sentAtOf(key: string): number | undefined {
  return all().find((one) => one.key === key)?.sentAt;
}

export function remember(unsent: Unsent): void {
  if (unsent.state === 'sending') sending.add(unsent.key);
  else sending.delete(unsent.key);
  const extra: Kept = { ...unsent, ...stamp() };
  setDraft(`${PREFIX}${unsent.key}`, { text: unsent.what, key: unsent.key, extra });
}

/** Who wrote it has gone: it is sent again when they are back. */
export function leave(key: string): void {
  sending.delete(key);
}

export function forget(key: string): void {
  sending.delete(key);
  setDraft(`${PREFIX}${key}`, undefined);
}

/** Those whose outcome isn't known and whose key the server still knows. */
function unknown(): Kept[] {
  return all().filter(({ state, sentAt }) => state === 'unknown' && !hasExpired(sentAt));
}

/**
 * The key under which exactly this was sent before without an answer. A draft that was given back carries its key: an equal
 * text that is written anew is another one.
 */
export function keyOf(path: string, body: object, from: Origin | undefined): string | undefined {
  const json = JSON.stringify(body);
  const isSameText = ({ key, from: before }: Kept) => before === undefined || before.isLine === true || from?.draft.key === key;
  return unknown().find((one) => one.path === path && isSameText(one) && JSON.stringify(one.body) === json)?.key;
}

/** What a line of the draft `scope` was sent as without an answer: its key holds for exactly that. */
export function bodyOfLine(scope: string, line: string): object | undefined {
  return unknown().find(({ from }) => from?.isLine === true && from.scope === scope && from.draft.text === line)?.body;
}

/** What was on its way when the page was left, to be sent again; too old keys of texts that were given back are forgotten. */
export function leftOver(): Unsent[] {
  const found: Kept[] = [];
  for (const one of all()) {
    if (one.state === 'unknown') {
      if (hasExpired(one.sentAt)) forget(one.key);
    } else if (!sending.has(one.key) && isLeftOver(one)) found.push(one);
  }
  return found.sort((a, b) => a.at - b.at);
}
