/**
 * Drafts: every text that somebody types, from its first letter until it is saved or its author discards it.
 *
 * In a component:
 *
 *     const draft = useDraft(`description:${task.id}`, { initial: task.description, version: task.version });
 *     <textarea value={draft.text} onChange={(event) => draft.setText(event.target.value)} />
 *     onSave={async () => (await save(draft.text)) && draft.settle(draft.text, saved)}  // what was typed since stays
 *     onCancel={draft.discard}          // Cancel discards; Escape, a click beside and closing don't
 *
 * - While nothing has been typed, `text` follows `initial`. From the first letter on, `base` is the version and the text
 *   that the author saw when they began: when `initial` differs from `base.text`, somebody else has changed it meanwhile.
 *   Show both texts, then call `rebase`.
 * - A draft survives a reload, the end of the session and whatever happens to the component. It belongs to the person who
 *   is signed in: somebody else who signs in doesn't see it, and signing out erases it.
 * - A *create* (task, comment, label …) discards the draft when it is sent, since a text on its way is no draft, and calls
 *   `giveBack(scope, draft)` when it wasn't saved. That gives false, and changes nothing, if the author has begun
 *   another text there meanwhile: show it then in a message with "Try again".
 * - `key` is the `Idempotency-Key` under which the text was sent without an answer. It is used if what is sent is the same
 *   again, and goes with the draft.
 *
 * Scopes: `description:<task>`, `title:<task>`, `comment:<task>`, `comment-edit:<comment>:<task>`, `new-task:<team>`,
 * `new-task-lines:<team>`, `quick:<team>:<status>`, `quick-lines:<team>:<status>`, `label:<label>`, `new-label:<team>`, `invite:<team>`, `new-team`, `account-name`.
 */
import { session } from '../auth/session.ts';
import { t } from '../i18n/index.ts';
import { createStore } from '../ui/store.ts';
import { dismissAbout, toast } from '../ui/toasts.ts';
import { changeIn, eraseDrafts, readDrafts, writeDraft } from './storage.ts';

export interface Base {
  version: number;
  text: string;
}

export interface Draft {
  text: string;
  /** What the text was when its author began. */
  base?: Base;
  /** The `Idempotency-Key` of an attempt to send it. */
  key?: string;
  /** Further fields of the same form, as JSON. */
  extra?: unknown;
}

/** The drafts of whoever is signed in, by scope. */
export const drafts = createStore<ReadonlyMap<string, Draft>>(new Map());

const WRITE_AFTER_MS = 250;

let owner: string | null = null;
let isIn = false;
/** Signing out has erased what was written down: nothing is written until somebody signs in. */
let isErased = false;
/** What this tab has typed: another tab can't take it away. */
const typedHere = new Set<string>();
const unwritten = new Set<string>();
/** What the browser's storage didn't take: it lasts as long as the page. */
const unkept = new Set<string>();
const ABOUT = 'unkept';
let timer: ReturnType<typeof setTimeout> | undefined;

export function getDraft(scope: string): Draft | undefined {
  return drafts.get().get(scope);
}

export function setDraft(scope: string, draft: Draft | undefined): void {
  put(scope, draft);
  if (draft === undefined) typedHere.delete(scope);
  else typedHere.add(scope);
  writeSoon(scope);
}

/**
 * After a text was saved: discards the draft of it. What was typed meanwhile goes on from what was saved. `as` is what is
 * saved of a text. Gives whether the draft was discarded.
 */
export function settleDraft(scope: string, sent: string, saved: Base, as = (text: string) => text): boolean {
  const now = getDraft(scope);
  const isAll = now === undefined || as(now.text) === as(sent);
  setDraft(scope, isAll ? undefined : { ...now, base: saved });
  return isAll;
}

/** What is on its way to the server: a page that takes it over takes it away from the others. */
function isOfOutcomes(scope: string): boolean {
  return /^(unsent|held):/.test(scope);
}

function writeSoon(scope: string): void {
  unwritten.add(scope);
  timer ??= setTimeout(flushDrafts, WRITE_AFTER_MS);
}

/**
 * Puts a text that wasn't saved back where it was typed, unless something else has been begun there. `next` are the
 * further fields that the form itself kept for the next one.
 */
export function giveBack(scope: string, draft: Draft, next?: unknown): boolean {
  const now = getDraft(scope);
  if (now !== undefined && hasBegun(now, draft, next)) return false;
  setDraft(scope, draft);
  return true;
}

function hasBegun({ text, extra }: Draft, sent: Draft, next: unknown): boolean {
  if (text.trim() !== '' && text !== sent.text) return true;
  return extra !== undefined && !isSame(extra, sent.extra) && !isSame(extra, next);
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** All that was written in it: the title, and the description below. */
export function wholeText({ text, extra }: Draft): string {
  const description = typeof extra === 'object' && extra !== null && 'description' in extra ? extra.description : '';
  return [text, description].filter((one) => typeof one === 'string' && one.trim() !== '').join('\n\n');
}

function put(scope: string, draft: Draft | undefined): void {
  drafts.set((now) => {
    const next = new Map(now);
    if (draft === undefined) next.delete(scope);
    else next.set(scope, draft);
    return next;
  });
}

/** Writes what was typed last; done by itself a moment after typing, and when the page is left. */
export function flushDrafts(): void {
  clearTimeout(timer);
  timer = undefined;
  if (owner !== null && !isErased) {
    const kept = unkept.size === 0;
    for (const scope of unwritten) {
      if (writeDraft(owner, scope, getDraft(scope))) unkept.delete(scope);
      else unkept.add(scope);
    }
    if (kept !== (unkept.size === 0)) sayUnkept();
  }
  unwritten.clear();
}

/** Whether all that was typed, and is to be sent, outlasts the page. */
export function isAllKept(): boolean {
  flushDrafts();
  return unkept.size === 0;
}

function sayUnkept(): void {
  if (unkept.size > 0) {
    toast({ kind: 'info', text: t('drafts.unkept'), detail: t('drafts.unkeptText'), about: ABOUT, stays: true });
    addEventListener('beforeunload', askBeforeLeaving);
  } else {
    dismissAbout(ABOUT);
    removeEventListener('beforeunload', askBeforeLeaving);
  }
}

function askBeforeLeaving(event: BeforeUnloadEvent): void {
  if (!isAllKept()) event.preventDefault();
}

/** Nothing of it is left that could be lost. */
function forgetUnkept(): void {
  if (unkept.size === 0) return;
  unkept.clear();
  sayUnkept();
}

function onSession(): void {
  const now = session.get();
  if (now.phase === 'in') {
    const user = now.user.id;
    // After a sign-out in another tab, what was typed in this one is still here for the same person.
    const kept = owner === user ? [...drafts.get()].filter(([scope]) => typedHere.has(scope)) : [];
    if (isIn && owner === user) return;
    // What was settled or given back after the last session ended is as much theirs as what was written down before.
    flushDrafts();
    isIn = true;
    isErased = false;
    owner = user;
    typedHere.clear();
    forgetUnkept();
    drafts.set(new Map([...readDrafts(user), ...kept]));
    for (const [scope] of kept) {
      typedHere.add(scope);
      // The sign-out has taken it out of the storage.
      writeSoon(scope);
    }
  } else if (now.phase === 'out') {
    isIn = false;
    flushDrafts();
    if (now.expired || owner === null) return;
    eraseDrafts(owner);
    isErased = true;
    if (now.elsewhere === true) return;
    drafts.set(new Map());
    typedHere.clear();
    forgetUnkept();
    owner = null;
  }
}

session.subscribe(onSession);
onSession();

addEventListener('storage', (event) => {
  const change = owner === null ? undefined : changeIn(event, owner);
  if (change === undefined) return;
  const { scope, before, draft, isSettled } = change;
  const here = getDraft(scope);
  // It had this tab's text and has written on, sent or discarded it: two tabs don't write, or send, the same twice.
  const goesOn = (draft !== undefined || isSettled) && here !== undefined && isSame(before, here);
  if (goesOn && !isOfOutcomes(scope)) typedHere.delete(scope);
  if (!typedHere.has(scope)) put(scope, draft);
  // The other tab has sent or discarded its own text; this one is to outlast the page, too.
  else if (draft === undefined && !isOfOutcomes(scope)) writeSoon(scope);
});
addEventListener('pagehide', flushDrafts);
// Another window may go on with the text.
addEventListener('blur', flushDrafts);
document.addEventListener('visibilitychange', flushDrafts);
