/** What lies over the page: at most one thing at a time, opened from anywhere by key, click or command. */
import type { Status } from '../api/types.ts';
import { createStore } from './store.ts';

export type Property = 'status' | 'priority' | 'assignees' | 'labels' | 'due_at';

export type Overlay =
  /** `task` is what commands on a task act on. */
  | { kind: 'palette'; task: string | null }
  | { kind: 'shortcuts' }
  | { kind: 'new-task'; status: Status }
  | { kind: 'new-team' }
  | { kind: 'property'; property: Property; task: string }
  | { kind: 'delete'; task: string };

export const stage = createStore<Overlay | null>(null);

/** The part of the task panel that a key asked for; the panel takes it up when it is there. */
export const wanted = createStore<{ task: string; part: 'title' | 'description' | 'comment' } | null>(null);

let cameFrom: Element | null = null;

export function open(overlay: Overlay): void {
  if (stage.get() === null) cameFrom = document.activeElement;
  stage.set(overlay);
}

/** Closes what is open and gives the focus back to where it was. */
export function close(): void {
  stage.set(null);
  const back = cameFrom;
  cameFrom = null;
  // After whatever had the focus has gone.
  setTimeout(() => {
    if (stage.get() === null && document.activeElement === document.body && back instanceof HTMLElement) back.focus();
  });
}
