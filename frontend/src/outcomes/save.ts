/**
 * The one way to write something on a user's behalf, and to say what came of it:
 *
 *     const result = await save({ what: task.key, send: () => unwrap(api.PATCH(…)), check: async () => … });
 *     if (result.kind === 'saved') …
 *
 * It tries again by itself while no answer comes, never makes two of one thing, and says when something wasn't saved or
 * when that isn't known. What has an `Idempotency-Key` is sent with `create` of create.ts.
 */
import type { ApiProblem } from '../api/problem.ts';
import { t } from '../i18n/index.ts';
import { copyText } from '../ui/clipboard.ts';
import { explain } from '../ui/explain.ts';
import { dismissAbout, toast, type Message, type ToastAction } from '../ui/toasts.ts';
import { certaintyOf } from './certainty.ts';
import { hold, type Change } from './held.ts';
import { persist, type Result, type Write } from './persist.ts';
import { startWaiting, stopWaiting } from './waiting.ts';

export type Act = 'create' | 'change' | 'delete';

export interface Saving<T> extends Write<T> {
  /** The thing in the user's words: "OPS-12", "the label Urgent". */
  what: string;
  /** What messages are about, where `what` doesn't tell one thing from another; a later one takes the place of an earlier. */
  about?: () => string;
  act?: Act;
  /** What is said when it is saved; nothing where the user sees it anyway. */
  done?: (value: T) => Omit<Message, 'kind'> | undefined;
  /** Better words than the usual ones for an answer of this status. */
  reasons?: Partial<Record<number, string>>;
  /** What "Try again" does; the same once more if left out. */
  again?: () => void;
  /** The same as JSON, so that it is done also when the page is left before the outcome is known. */
  held?: Change | (() => Change) | undefined;
  /** The caller says itself what went wrong, such as a form; one that may have been closed meanwhile is asked. */
  isQuiet?: boolean | ((problem: ApiProblem) => boolean);
  /** Leads to where the user can go on with what wasn't saved. */
  open?: () => void;
  /** Is called when it wasn't saved, before that is said. */
  onFailed?: (kind: 'refused' | 'unknown', problem: ApiProblem) => void;
  /** The text to offer for copying with a refusal, when it isn't seen anywhere else. */
  textToCopy?: () => string | undefined;
}

let last = 0;

export async function save<T>(saving: Saving<T>): Promise<Result<T>> {
  const id = ++last;
  dismissAbout(aboutOf(saving));
  const held = saving.held === undefined ? undefined : hold(saving.held, saving.what);
  const result = await persist({
    ...saving,
    send: (hasWaited) => {
      held?.sending();
      return saving.send(hasWaited);
    },
    onWait: (why) => {
      startWaiting(id, why);
      saving.onWait?.(why);
    },
  });
  held?.release(result.kind === 'gone');
  stopWaiting(id, result.kind === 'saved');
  if (result.kind === 'gone') return result;
  if (result.kind === 'saved') {
    const message = saving.done?.(result.value);
    if (message !== undefined) toast({ kind: 'done', about: aboutOf(saving), ...message });
  } else {
    const { isQuiet = false, onFailed } = saving;
    onFailed?.(result.kind, result.problem);
    if (!(typeof isQuiet === 'function' ? isQuiet(result.problem) : isQuiet)) fail(saving, result);
  }
  return result;
}

function aboutOf({ what, act = 'change', about }: { what: string; act?: Act; about?: () => string }): string {
  return about?.() ?? `${act} ${what}`;
}

function fail<T>(saving: Saving<T>, result: { kind: 'refused' | 'unknown'; problem: ApiProblem }): void {
  const { what, act = 'change', again = () => void save(saving) } = saving;
  const { kind, problem } = result;
  const isUnknown = kind === 'unknown';
  const isPassing = isUnknown || certaintyOf(problem) !== 'refused' || problem.status >= 500;
  const unknown = () => (saving.hasExpired?.() === true ? t('outcome.expiredText') : t(`outcome.${act}UnknownText`));
  const reason = isUnknown ? unknown() : (saving.reasons?.[problem.status] ?? explain(problem));
  const text = saving.textToCopy?.();
  const actions: ToastAction[] = [];
  if (isPassing) actions.push({ label: t('common.retry'), run: again });
  if (saving.open !== undefined) actions.push({ label: t('outcome.open'), run: saving.open });
  if (text !== undefined) actions.push({ label: t('outcome.copyText'), run: () => void copyOrShow(text) });
  toast({
    kind: isUnknown ? 'unknown' : 'error',
    text: t(isUnknown ? `outcome.${act}Unknown` : `outcome.${act}Failed`, { what }),
    detail: reason,
    actions,
    about: aboutOf(saving),
    stays: actions.length > 0,
    holds: text,
  });
}

/** The message that had the text is gone: a text that couldn't be copied is shown in the next one. */
export async function copyOrShow(text: string): Promise<void> {
  if (!(await copyText(text))) toast({ kind: 'error', text: t('errors.cantCopy'), detail: text, holds: text });
}

/** The value, or the problem thrown: for forms, which show it beside their fields. */
export function valueOf<T>(result: Result<T>): T {
  if (result.kind === 'saved') return result.value;
  throw result.problem;
}
