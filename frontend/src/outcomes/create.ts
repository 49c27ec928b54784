/**
 * Creates something exactly once. The `Idempotency-Key` stays with the request until its outcome is known, over retries,
 * a reload and the end of the session: a text that was given back after a lost answer, and is sent again, gets what was made
 * the first time.
 */
import { authorisedFetch } from '../api/client.ts';
import { asProblem, problemIn, unreachable } from '../api/problem.ts';
import { getDraft, giveBack, setDraft, wholeText, type Draft } from '../drafts/drafts.ts';
import { giveBackLine, takeLine } from '../drafts/lines.ts';
import { newId } from '../ui/ids.ts';
import { dismissAbout } from '../ui/toasts.ts';
import { certaintyOf } from './certainty.ts';
import type { Result } from './persist.ts';
import { save, type Saving } from './save.ts';
import { forget, hasExpired, keyOf, leave, remember, sentAtOf, type Kind } from './unsent.ts';

/** Where a text was typed, and the draft as it was: there it is given back. */
export interface Origin {
  scope: string;
  draft: Draft;
  /** The further fields that the form kept for the next one. */
  next?: unknown;
  /** The text is one line of the draft; see drafts/lines.ts. */
  isLine?: boolean;
  /** What was chosen for all lines in the form around them. */
  form?: { scope: string; draft: Draft };
}

export interface Creating<T> extends Omit<Saving<T>, 'send' | 'check' | 'act' | 'about' | 'again'> {
  /** `/api/v1/teams/ops/tasks` */
  path: string;
  body: object;
  /** The `Idempotency-Key` of an earlier attempt. */
  key?: string | undefined;
  from?: Origin;
  /** What "Try again" does, with the text under its key; the same once more if left out. */
  again?: (from: Origin | undefined) => void;
  /** What is made, for those that are sent again after a reload: see unsent.ts. */
  kind?: Kind | undefined;
}

export async function create<T>(creating: Creating<T>): Promise<Result<T>> {
  const { path, body, from, what, kind } = creating;
  const key = creating.key ?? keyOf(path, body, from) ?? newId();
  const unsent = { key, path, body, what, kind, from, sentAt: sentAtOf(key) };
  const isResumed = unsent.sentAt !== undefined;
  const isTooOld = () => hasExpired(unsent.sentAt);
  const note = (sentAt: number | undefined) => {
    unsent.sentAt = sentAt;
    remember({ ...unsent, state: 'sending' });
  };
  note(unsent.sentAt);
  // One message for a text in its field, which is sent with or without changes; else one for each text.
  const inField = `create in ${from?.scope ?? ''}`;
  let isGivenBack = false;
  if (from !== undefined) dismissAbout(inField);
  const result = await save<T>({
    ...creating,
    act: 'create',
    about: () => (isGivenBack ? inField : `create ${path} ${JSON.stringify(body)}`),
    isResumed,
    hasExpired: isTooOld,
    send: async () => {
      const before = unsent.sentAt;
      note(before ?? Date.now());
      try {
        return await post<T>(path, body, key);
      } catch (error) {
        if (certaintyOf(asProblem(error)) !== 'lost') note(before);
        throw error;
      }
    },
    again: () => {
      if (from?.isLine === true) takeLine(from.scope, from.draft.text);
      else if (from !== undefined && getDraft(from.scope)?.text === from.draft.text) setDraft(from.scope, undefined);
      const next = from && { ...from, draft: withKey(from.draft, isTooOld() ? undefined : key) };
      if (creating.again !== undefined) creating.again(next);
      else void create({ ...creating, key: undefined, ...(next && { from: next }) });
    },
    onFailed: (outcome, problem) => {
      const isKeyKept = outcome === 'unknown' && !isTooOld();
      isGivenBack = from !== undefined && returnTo(from, isKeyKept ? key : undefined);
      if (isKeyKept) remember({ ...unsent, state: 'unknown' });
      else forget(key);
      creating.onFailed?.(outcome, problem);
    },
    textToCopy: () => (isGivenBack || from === undefined ? undefined : wholeText(from.draft)),
  });
  if (result.kind === 'saved') forget(key);
  else if (result.kind === 'gone') leave(key);
  return result;
}

/** Gives whether the text is where it was typed again. */
function returnTo({ scope, draft, next, isLine = false, form }: Origin, key: string | undefined): boolean {
  if (!isLine) return giveBack(scope, withKey(draft, key), next);
  giveBackLine(scope, draft.text);
  if (form !== undefined) giveBack(form.scope, form.draft);
  return true;
}

function withKey({ key: _, ...draft }: Draft, key: string | undefined): Draft {
  return key === undefined ? draft : { ...draft, key };
}

async function post<T>(path: string, body: object, key: string): Promise<T> {
  const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': key };
  const url = new URL(path, location.origin);
  const response = await authorisedFetch(new Request(url, { method: 'POST', headers, body: JSON.stringify(body) }));
  if (!response.ok) throw await problemIn(response);
  // An answer that breaks off is a lost one.
  const answer: unknown = await response.json().catch(() => Promise.reject(unreachable()));
  return answer as T;
}
