/** What the open board or list shows, in its order: one list for each column of a board, one for the whole of a list. */
import { useLayoutEffect } from 'react';
import type { Task } from '../api/types.ts';

export type Shown = readonly (readonly Task[])[];

let now: Shown = [];

export function shownTasks(): Shown {
  return now;
}

/** Says what this board or list shows. Commands, selections and the focus read it when they need it. */
export function useShown(lists: Shown): void {
  useLayoutEffect(() => {
    now = lists;
    return () => {
      now = [];
    };
  }, [lists]);
}

/** The list that holds the task, and where. */
export function listOf(id: string, lists: Shown = now): { list: readonly Task[]; index: number } | undefined {
  for (const list of lists) {
    const index = list.findIndex((task) => task.id === id);
    if (index >= 0) return { list, index };
  }
  return undefined;
}

/** The ids in the order of `list`, nearest to `index` first, those below before those above. */
export function nearest(list: readonly Task[], index: number): string[] {
  return [...list.slice(index + 1), ...list.slice(0, index).reverse()].map(({ id }) => id);
}
