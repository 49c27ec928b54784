/** Messages about what a user's action did. Every action ends in a visible effect or in one of these. */
import { asProblem } from '../api/problem.ts';
import { t } from '../i18n/index.ts';
import { explain } from './explain.ts';
import { createStore } from './store.ts';

export interface ToastAction {
  label: string;
  run: () => void;
}

export interface Message {
  /** `unknown`: the server's answer was lost, so it isn't known whether something was saved. */
  kind: 'done' | 'info' | 'error' | 'unknown';
  text: string;
  /** The reason, or what to do now. */
  detail?: string;
  actions?: readonly ToastAction[];
  /** A later message about the same thing takes the place of this one. */
  about?: string;
  /** Messages of one series that come while the last is still there are said as one: "4 tasks created". */
  series?: Series;
  /** Stays until it is dismissed, acted on or replaced. */
  stays?: boolean;
  /** A text that is nowhere else: the message stays, and none takes its place. */
  holds?: string | undefined;
}

export interface Series {
  name: string;
  /** What is said of several. */
  text: (count: number) => string;
  /** Is offered for all of them together. */
  undo?: () => void;
}

export interface Toast extends Message {
  id: number;
  /** The undoing of each of its series. */
  undos: readonly (() => void)[];
  count: number;
}

const LASTS_MS = { done: 5_000, info: 5_000, error: 10_000, unknown: 10_000 };
/** Buttons must be reached in time. */
const WITH_ACTIONS_MS = 10_000;
const MOST = 4;

export const toasts = createStore<readonly Toast[]>([]);

let last = 0;
const timers = new Map<number, ReturnType<typeof setTimeout>>();
/** What the pointer or the focus is on: another message in its place would take the click that is meant for it. */
const held = new Set<number>();

/** Shows a message; gives its id for `dismiss`. */
export function toast(message: Message): number {
  const id = ++last;
  toasts.set((now) => {
    const earlier = now.find((one) => message.series !== undefined && one.series?.name === message.series.name);
    return withinBounds([...now.filter((one) => !isReplaced(one, message) && one !== earlier), joined(message, id, earlier)]);
  });
  release(id);
  return id;
}

/** What is only told makes room for the next of its kind: several would cover what the user works on. */
function isReplaced(one: Toast, by: Message): boolean {
  if (by.about !== undefined && one.about === by.about) return true;
  return isTold(one) && isTold(by) && one.kind === by.kind && !held.has(one.id);
}

function isTold({ kind, stays = false, holds }: Message): boolean {
  return (kind === 'done' || kind === 'info') && !stays && holds === undefined;
}

function joined(message: Message, id: number, earlier: Toast | undefined): Toast {
  const { series } = message;
  const count = (earlier?.count ?? 0) + 1;
  const undos = [...(earlier?.undos ?? []), ...(series?.undo === undefined ? [] : [series.undo])];
  const undo = { label: t('outcome.undo'), run: () => undos.forEach((one) => one()) };
  const actions = [...(message.actions ?? []), ...(undos.length > 0 ? [undo] : [])];
  const text = series !== undefined && count > 1 ? series.text(count) : message.text;
  return { ...message, id, count, undos, text, actions };
}

/** Keeps the newest; failures and questions outlast what is only told, and nothing that holds a text is lost. */
function withinBounds(all: readonly Toast[]): readonly Toast[] {
  if (all.length <= MOST) return all;
  const older = all.slice(0, -1);
  const told = older.findIndex(isTold);
  const out = told < 0 ? older.findIndex(({ holds }) => holds === undefined) : told;
  return out < 0 ? all : all.toSpliced(out, 1);
}

export function dismiss(id: number): void {
  stop(id);
  toasts.set((now) => now.filter((one) => one.id !== id));
}

/** Takes away what was said about something that has changed since. */
export function dismissAbout(about: string): void {
  for (const one of toasts.get()) if (one.about === about) dismiss(one.id);
}

/** While the pointer or the focus is on it, a message stays. */
export function hold(id: number): void {
  stop(id);
  held.add(id);
}

function stop(id: number): void {
  held.delete(id);
  clearTimeout(timers.get(id));
  timers.delete(id);
}

/** Lets its time run, from the beginning. */
export function release(id: number): void {
  stop(id);
  const message = toasts.get().find((one) => one.id === id);
  if (message === undefined || message.stays === true || message.holds !== undefined) return;
  const hasActions = message.actions !== undefined && message.actions.length > 0;
  const lasts = hasActions ? Math.max(WITH_ACTIONS_MS, LASTS_MS[message.kind]) : LASTS_MS[message.kind];
  timers.set(id, setTimeout(() => dismiss(id), lasts));
}

/**
 * For every promise that a user's action starts: says when it failed, so that none ends unheard. `what` names the thing
 * in the user's words ("OPS-12", "Your name"). Gives whether it went well.
 */
export async function runAction(promise: Promise<unknown>, what: string): Promise<boolean> {
  try {
    await promise;
    return true;
  } catch (error) {
    toast({ kind: 'error', text: t('errors.couldNotSave', { what }), detail: explain(asProblem(error)) });
    return false;
  }
}
