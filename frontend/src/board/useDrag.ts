import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect } from 'react';
import type { Status, Task } from '../api/types.ts';
import { selectedTasks, selection } from '../task/selection.ts';
import { tasksOf } from '../task/team-tasks.ts';
import { later, loadPatiently } from '../ui/later.ts';
import { createStore } from '../ui/store.ts';
import type { Columns } from './lift.ts';

/** Where what is being dragged would be dropped; `task` is null for the end of the column. */
export interface DropAt {
  status: Status;
  task: string | null;
  edge: 'top' | 'bottom';
}

export const dropAt = createStore<DropAt | null>(null);

let cardIsPainted: () => void = () => undefined;
/** Until the first card is painted there is nothing to drag, and the network has more urgent work. */
const firstCard = new Promise<void>((resolve) => (cardIsPainted = resolve));

const loadDrag = later(() => firstCard.then(() => import('./drag.ts')));

export type Drag = Awaited<ReturnType<typeof loadDrag>>;

/** For what can be dragged. */
export function useDragged(enabled: boolean, begin: (drag: Drag) => (() => void) | undefined): void {
  useEffect(() => {
    // Effects run before or after the browser has painted; the next frame's tasks come behind it.
    requestAnimationFrame(() => setTimeout(cardIsPainted));
  }, []);
  useDragPart(enabled, begin);
}

export function useDragPart(enabled: boolean, begin: (drag: Drag) => (() => void) | undefined): void {
  useEffect(() => {
    if (!enabled) return;
    let end: (() => void) | undefined;
    const over = new AbortController();
    loadPatiently(loadDrag, over.signal).then(
      (drag) => {
        if (drag !== undefined && !over.signal.aborted) end = begin(drag);
      },
      // Without it, tasks are moved by key and by their status.
      () => undefined,
    );
    return () => {
      over.abort();
      end?.();
    };
  }, [enabled, begin]);
}

/** Carries out what is dropped; `index` is the place among the tasks of the column that aren't moved. */
export function useDrops(team: string, columns: Columns, move: (tasks: readonly Task[], status: Status, index: number) => void, enabled: boolean) {
  const client = useQueryClient();
  const begin = useCallback(
    (drag: Drag) =>
      drag.watch((id, at) => {
        const task = Object.values(columns)
          .flat()
          .find((one) => one.id === id) ?? tasksOf(client, team).get(id);
        // In no column any more: somebody has deleted it, or it only doesn't match the filter.
        if (task === undefined) return false;
        // One of several selected tasks takes the others along.
        const together = selection.get().has(id) ? selectedTasks() : [task];
        const moved = new Set(together.map((one) => one.id));
        if (at.task !== null && moved.has(at.task)) return true;
        const others = columns[at.status].filter((one) => !moved.has(one.id));
        const over = others.findIndex((one) => one.id === at.task);
        move(together, at.status, over < 0 ? others.length : at.edge === 'top' ? over : over + 1);
        return true;
      }),
    [client, team, columns, move],
  );
  useDragPart(enabled, begin);
}
