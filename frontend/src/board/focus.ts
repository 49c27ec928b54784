/**
 * The focus among tasks, for the board and the list. A key press moves it at once: the task is drawn and focused before
 * the next key is handled, so that a key acts on what was pressed before it and not on what the screen showed.
 */
import { useLayoutEffect, type RefObject } from 'react';
import { flushSync } from 'react-dom';
import type { Status, Task } from '../api/types.ts';
import { isShown, nearest, placeOf } from '../task/shown.ts';
import { singleKeys } from '../ui/keys.ts';
import { createStore } from '../ui/store.ts';
import type { Columns, Direction } from './lift.ts';

/** The task that keys act on, and that Tab leads to. It survives the change from board to list. */
export const focused = createStore<string | null>(null);

const KEYS: Record<string, Direction> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
  k: 'up',
  j: 'down',
};

const MIRRORED: Record<Direction, Direction> = { up: 'up', down: 'down', left: 'right', right: 'left' };

/** Where the key leads, `left` being towards the first column; in a page that reads from the right, arrows are mirrored. */
export function directionOf(key: string, isRightToLeft = false): Direction | null {
  const direction = KEYS[key.length === 1 ? key.toLowerCase() : key];
  if (direction === undefined) return null;
  return isRightToLeft ? MIRRORED[direction] : direction;
}

/** Whether the key extends the selection while it moves the focus. */
export function isExtending(event: KeyboardEvent): boolean {
  return event.shiftKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown' || /^[jk]$/i.test(event.key));
}

/**
 * Whether a key that isn't pressed on a task is for the tasks. Between two cards nothing has the focus for a moment. On a
 * link of the sidebar, which keeps the focus after a click, letters have no other meaning; arrow keys scroll.
 */
export function isFree({ target, key }: KeyboardEvent): boolean {
  if (target === document.body) return true;
  return key.length === 1 && key !== ' ' && singleKeys.get() && target instanceof Element && target.closest('#side a') !== null;
}

/** The task next to this one; in the columns beside it, the one at the same height. */
export function neighbourOf(
  columns: Columns,
  statuses: readonly Status[],
  task: Task,
  direction: Direction,
): Task | undefined {
  const index = columns[task.status].findIndex(({ id }) => id === task.id);
  if (direction === 'up') return columns[task.status][index - 1];
  if (direction === 'down') return columns[task.status][index + 1];
  const step = direction === 'left' ? -1 : 1;
  for (let at = statuses.indexOf(task.status) + step; at >= 0 && at < statuses.length; at += step) {
    const status = statuses[at];
    const column = status === undefined ? [] : columns[status];
    const next = column[Math.min(index, column.length - 1)];
    if (next !== undefined) return next;
  }
  return undefined;
}

function linkOf(id: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-task="${CSS.escape(id)}"] [data-focus]`);
}

function hasNoFocus(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}

function give(link: HTMLElement): void {
  link.focus({ preventScroll: true });
  link.closest('[data-task]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

/** Gives the focus to a task now, drawing it if it is out of sight. Not while React is drawing. */
export function focusTask(id: string): void {
  flushSync(() => focused.set(id));
  const link = linkOf(id);
  if (link !== null) {
    give(link);
    return;
  }
  // Keys act on the task that `focused` names until its element is there.
  document.activeElement?.closest<HTMLElement>('[data-focus]')?.blur();
  giveSoon(id, 5);
}

function giveSoon(id: string, tries: number): void {
  requestAnimationFrame(() => {
    if (focused.get() !== id || !hasNoFocus()) return;
    const link = linkOf(id);
    if (link !== null) give(link);
    else if (tries > 0) giveSoon(id, tries - 1);
  });
}

/** Gives the focus back to a task when what had it is gone. It may be called while React is drawing. */
export function returnFocus(id: string): void {
  queueMicrotask(() => {
    if (hasNoFocus() && isShown(id)) focusTask(id);
  });
}

/** The task of the element with the focus; where nothing has the focus, the one that had it last. */
export function focusedTask(): string | null {
  const near = document.activeElement?.closest<HTMLElement>('[data-task]');
  if (near) return near.dataset.task ?? null;
  return hasNoFocus() ? focused.get() : null;
}

/** The element that shows the task with the focus, for what gives the focus back. */
export function focusedLink(): HTMLElement | null {
  const id = focused.get();
  return id === null ? null : linkOf(id);
}

/**
 * Keeps the focus when the element that shows a task goes away: it follows the task into another column, and goes to
 * the neighbour when the task isn't shown any more.
 */
export function useKeptFocus(element: RefObject<HTMLElement | null>, id: string): void {
  useLayoutEffect(() => {
    const drawn = element.current;
    return () => {
      if (focused.get() !== id) return;
      const place = placeOf(id);
      if (place === undefined) return;
      const hadFocus = drawn?.contains(document.activeElement) ?? false;
      // After the new elements are there, and before the next key.
      queueMicrotask(() => {
        if (focused.get() !== id) return;
        const next = [id, ...nearest(place.list, place.index)].find(isShown);
        if (next === undefined) return;
        focused.set(next);
        const link = linkOf(next);
        if (hadFocus && hasNoFocus() && link !== null) give(link);
      });
    };
  }, [element, id]);
}
