/** What lies over the page: at most one thing at a time, opened from anywhere by key, click or command. */
import type { Status } from '../api/types.ts';
import { focusedLink } from '../board/focus.ts';
import { createStore } from './store.ts';

export type Property = 'status' | 'priority' | 'assignees' | 'labels' | 'due_at';

export type Overlay =
  /** `task` is what commands on a task act on. */
  | { kind: 'palette'; task: string | null }
  | { kind: 'shortcuts' }
  | { kind: 'new-task'; status: Status }
  | { kind: 'new-team' }
  | { kind: 'sign-out' }
  | { kind: 'property'; property: Property; task: string }
  | { kind: 'delete'; task: string }
  /** For these tasks, or else all that are selected; without a property, whether to delete them. */
  | { kind: 'bulk'; property: Property | null; tasks?: readonly string[] };

export const stage = createStore<Overlay | null>(null);

export type PanelPart = 'title' | 'description' | 'comment';

/** The part of the task panel that a key asked for; the panel takes it up when it is there. */
export const wanted = createStore<{ task: string; part: PanelPart } | null>(null);

let cameFrom: Element | null = null;
let returningTo: string | null = null;

/** What was typed for a field that a key has asked for and that isn't there yet: nobody waits for it. */
export interface Ahead {
  text: string;
  /** It was followed by the key that sends it. */
  isSent: boolean;
}

let ahead: Ahead = { text: '', isSent: false };
let isAwaited = false;

function awaitField(isNow: boolean): void {
  ahead = { text: '', isSent: false };
  isAwaited = isNow;
}

/** Whether keys are meant for a field that isn't there yet, if nothing else has taken the focus. */
export function isTypedAhead(): boolean {
  return isAwaited || stage.get() !== null;
}

/** What Backspace leaves: a character may be several code points. */
function withoutLast(text: string): string {
  return Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment).slice(0, -1).join('');
}

/** Takes a key by its name. What comes after the one that sends was meant for something else. */
export function typeAhead(name: string, key: string): void {
  const takesLines = wanted.get() !== null && wanted.get()?.part !== 'title';
  if (ahead.isSent) return;
  if (name === 'Enter' && takesLines) ahead.text += '\n';
  else if (name === 'Enter' || name === 'Ctrl+Enter') ahead.isSent = true;
  else if (name === 'Delete') ahead.text = withoutLast(ahead.text);
  else if (key.length === 1 && !name.startsWith('Ctrl+')) ahead.text += key;
}

/** For a field that has got the focus: from now on, keys go to it. */
export function takeAhead(): Ahead {
  const typed = ahead;
  awaitField(false);
  return typed;
}

/** Asks for a part of a task's panel, which may not be open yet. */
export function want(task: string, part: PanelPart): void {
  awaitField(true);
  wanted.set({ task, part });
}

/** The user goes on without the field that a key has asked for, whether or not something took that up. */
export function stopAwaiting(): void {
  wanted.set(null);
  if (stage.get() === null) awaitField(false);
}

/** Nothing took what a key had asked for: it isn't offered here. */
export function dropWanted(): void {
  if (wanted.get() === null) return;
  wanted.set(null);
  awaitField(false);
}

export function open(overlay: Overlay): void {
  awaitField(true);
  if (stage.get() === null) cameFrom = document.activeElement;
  stage.set(overlay);
}

function taskOf(element: Element | null): string | null {
  return element?.closest<HTMLElement>('[data-task]')?.dataset.task ?? null;
}

/** The task that the focus is on its way back to: keys mean it already. */
export function taskReturnedTo(): string | null {
  return returningTo;
}

/** That element, or the one that now shows the same task: what was done may have moved it elsewhere. */
function standIn(element: Element | null): HTMLElement | null {
  if (!(element instanceof HTMLElement)) return null;
  if (element.isConnected) return element;
  const task = taskOf(element);
  return task === null ? null : document.querySelector(`[data-task="${CSS.escape(task)}"] [data-focus]`);
}

/** The task that the focus went to when the one of `element` was deleted or left the board. */
function successor(element: Element | null): HTMLElement | null {
  return taskOf(element) === null ? null : focusedLink();
}

/** Closes what is open and gives the focus back to where it was. */
export function close(): void {
  awaitField(false);
  stage.set(null);
  const back = cameFrom;
  cameFrom = null;
  returningTo = taskOf(back);
  // After whatever had the focus has gone, and what was done is drawn.
  const give = (tries: number) => {
    const isOurs = stage.get() === null && document.activeElement === document.body;
    const target = isOurs ? (standIn(back) ?? successor(back)) : null;
    if (isOurs && target === null && tries > 0) {
      requestAnimationFrame(() => give(tries - 1));
      return;
    }
    target?.focus();
    returningTo = null;
  };
  requestAnimationFrame(() => requestAnimationFrame(() => give(5)));
}
