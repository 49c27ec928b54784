/** What the open board or list shows, in its order: one list for each column of a board, one for the whole of a list. */
import { useLayoutEffect } from 'react';
import type { Task } from '../api/types.ts';
import { createStore } from '../ui/store.ts';

export interface Shown {
  lists: readonly (readonly Task[])[];
  /** Whether the order is the team's own, so that a task can be moved up or down in it. */
  isManual: boolean;
}

const NOTHING: Shown = { lists: [], isManual: false };

export const shown = createStore<Shown>(NOTHING);

/** Says what this board or list shows. Commands, selections and the focus read it when they need it. */
export function useShown(lists: Shown['lists'], isManual: boolean): void {
  useLayoutEffect(() => shown.set({ lists, isManual }), [lists, isManual]);
  useLayoutEffect(() => () => shown.set(NOTHING), []);
}

/** The list that holds the task, and where. */
export function placeOf(id: string): { list: readonly Task[]; index: number } | undefined {
  for (const list of shown.get().lists) {
    const index = list.findIndex((task) => task.id === id);
    if (index >= 0) return { list, index };
  }
  return undefined;
}

export function isShown(id: string): boolean {
  return placeOf(id) !== undefined;
}

export function shownTask(id: string, { lists }: Shown = shown.get()): Task | undefined {
  for (const list of lists) {
    const task = list.find((one) => one.id === id);
    if (task !== undefined) return task;
  }
  return undefined;
}

/** The ids in the order of `list`, nearest to `index` first, those below before those above. */
export function nearest(list: readonly Task[], index: number): string[] {
  return [...list.slice(index + 1), ...list.slice(0, index).reverse()].map(({ id }) => id);
}
