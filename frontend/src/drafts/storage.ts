/** Where drafts are kept: one entry of localStorage per draft, so that tabs don't overwrite each other's. */
import type { Draft } from './drafts.ts';

const PREFIX = 'taskhub.draft.';

const entry = (user: string, scope: string) => `${PREFIX}${user}.${scope}`;

/** All drafts of a user; empty where the browser gives no storage. */
export function readDrafts(user: string): Map<string, Draft> {
  const found = new Map<string, Draft>();
  const start = entry(user, '');
  try {
    for (const name of Object.keys(localStorage)) {
      const draft = name.startsWith(start) ? parse(localStorage.getItem(name)) : undefined;
      if (draft !== undefined) found.set(name.slice(start.length), draft);
    }
  } catch {
    // No storage: drafts last as long as the page.
  }
  return found;
}

export function parse(json: string | null): Draft | undefined {
  try {
    const value: unknown = JSON.parse(json ?? 'null');
    return typeof value === 'object' && value !== null && 'text' in value ? (value as Draft) : undefined;
  } catch {
    return undefined;
  }
}

/** Left in a draft's place for a moment, for the other tabs to tell one that was sent or discarded from a sign-out. */
const SETTLED = '"settled"';

/** Writes a draft, or takes it away. Gives whether it is kept, which a browser whose storage is full or forbidden doesn't. */
export function writeDraft(user: string, scope: string, draft: Draft | undefined): boolean {
  const name = entry(user, scope);
  try {
    if (draft === undefined) {
      if (localStorage.getItem(name) !== null) localStorage.setItem(name, SETTLED);
      localStorage.removeItem(name);
    } else localStorage.setItem(name, JSON.stringify(draft));
  } catch {
    // The draft lasts as long as the page.
    return draft === undefined;
  }
  return true;
}

export function eraseDrafts(user: string): void {
  for (const scope of readDrafts(user).keys()) {
    try {
      localStorage.removeItem(entry(user, scope));
    } catch {
      // No storage: there is nothing to erase.
    }
  }
}

export interface Change {
  scope: string;
  /** What it was. */
  before: Draft | undefined;
  /** What it is now. */
  draft: Draft | undefined;
  /** Whether it was sent or discarded there. */
  isSettled: boolean;
}

/** What another tab has done to a draft of this user. */
export function changeIn(event: StorageEvent, user: string): Change | undefined {
  const start = entry(user, '');
  if (event.key?.startsWith(start) !== true) return undefined;
  const { oldValue, newValue } = event;
  return { scope: event.key.slice(start.length), before: parse(oldValue), draft: parse(newValue), isSettled: newValue === SETTLED };
}
