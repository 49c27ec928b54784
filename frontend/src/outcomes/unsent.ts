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

/** Which page wrote something down to be sent, and when. */
export interface Stamp {
  page: string;
  at: number;
  /** When the page last said that it is still there. */
  aliveAt?: number;
  /** When the page was left before the outcome was known. */
  leftAt?: number | undefined;
}

type Kept = Unsent & Stamp;

const PREFIX = 'unsent:';
/** The server knows a key for 24 hours. */
export const KEY_LASTS_MS = 23 * 3_600_000;

/** Whether the server may have forgotten the key of a request: sent again, it could create the same thing twice. */
export function hasExpired(sentAt: number | undefined): boolean {
  return sentAt !== undefined && Date.now() - sentAt > KEY_LASTS_MS;
}
/** How often a page says that it is still there; the timers of a hidden one run once a minute. */
export const BEAT_MS = 30_000;
/** A page that has said nothing for so long has ended without saying so. */
const SILENCE_MS = 120_000;

/** How far the times of two tabs may differ that look at one clock. */
const CLOCK_MS = 5_000;

/** A tab that is duplicated copies even its sessionStorage: each page that is loaded has its own name. */
const page = newId();
/** What this page is sending itself. */
const sending = new Set<string>();

let lastAt = 0;

/** No two of a page have one time: they are sent again in their order. */
export function stamp(): Stamp {
  lastAt = Math.max(Date.now(), lastAt + 1);
  return { page, at: lastAt, aliveAt: Date.now() };
}

/** Whether the page that wrote it has ended, at least `graceMs` ago: what is reloaded goes on by itself. */
export function isLeftOver({ page: of, at, aliveAt = at, leftAt = Infinity }: Stamp, graceMs: number): boolean {
  return of === page || since(leftAt) >= graceMs || since(aliveAt) > SILENCE_MS;
}

/** How long ago that was; ages where it lies in the future, as the clock has been set back since. */
function since(time: number): number {
  const age = Date.now() - time;
  return age < -CLOCK_MS && time < Infinity ? Infinity : age;
}

/** Whether another page that was left had something under way. */
export function isAnyLeft(): boolean {
  return [...drafts.get()].some(([scope, { extra }]) => {
    if (!isOfPage(scope)) return false;
    const { page: of, leftAt } = extra as Stamp;
    return of !== page && leftAt !== undefined;
  });
}

function isOfPage(scope: string): boolean {
  return /^(unsent|held):/.test(scope);
}

function stampAll(change: Partial<Stamp>): void {
  for (const [scope, draft] of drafts.get()) {
    if (!isOfPage(scope) || (draft.extra as Stamp).page !== page) continue;
    setDraft(scope, { ...draft, extra: { ...(draft.extra as Stamp), ...change } });
  }
}

/** Says that this page is still there. */
export function beat(): void {
  stampAll({ aliveAt: Date.now() });
}

addEventListener('pagehide', () => {
  stampAll({ leftAt: Date.now() });
  flushDrafts();
});
// The browser had kept the page, and it goes on.
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) stampAll({ leftAt: undefined });
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
export function leftOver(graceMs = 0): Unsent[] {
  const found: Kept[] = [];
  for (const one of all()) {
    if (one.state === 'unknown') {
      if (hasExpired(one.sentAt)) forget(one.key);
    } else if (!sending.has(one.key) && isLeftOver(one, graceMs)) found.push(one);
  }
  return found.sort((a, b) => a.at - b.at);
}
