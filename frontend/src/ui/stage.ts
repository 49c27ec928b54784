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
  | { kind: 'property'; property: Property; task: string }
  | { kind: 'delete'; task: string }
  /** For all selected tasks; without a property, whether to delete them. */
  | { kind: 'bulk'; property: Property | null };

export const stage = createStore<Overlay | null>(null);

/** The part of the task panel that a key asked for; the panel takes it up when it is there. */
export const wanted = createStore<{ task: string; part: 'title' | 'description' | 'comment' } | null>(null);

let cameFrom: Element | null = null;
let returningTo: string | null = null;

/** What was typed before that which was opened could take it: nobody waits for a box that a key has asked for. */
let ahead = '';
let isSent = false;

/** Takes a key: a letter, `Delete` or `Enter`. What comes after Enter was meant for something else. */
export function typeAhead(key: string): void {
  if (isSent) return;
  if (key === 'Enter') isSent = true;
  else if (key === 'Delete') ahead = ahead.slice(0, -1);
  else ahead += key;
}

/** Whether Enter was pressed after what was typed ahead. */
export function sentAhead(): boolean {
  return isSent;
}

export function typedAhead(): string {
  return ahead;
}

/** The same, for a field that keeps it. */
export function takeTypedAhead(): string {
  const typed = ahead;
  ahead = '';
  return typed;
}

export function open(overlay: Overlay): void {
  ahead = '';
  isSent = false;
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
