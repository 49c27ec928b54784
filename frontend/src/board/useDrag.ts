import { useCallback, useEffect } from 'react';
import type { Status, Task } from '../api/types.ts';
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

/** Carries out what is dropped. */
export function useDrops(columns: Columns, move: (task: Task, status: Status, index: number) => void, enabled: boolean) {
  const begin = useCallback(
    (drag: Drag) =>
      drag.watch((id, at) => {
        const task = Object.values(columns)
          .flat()
          .find((one) => one.id === id);
        if (task === undefined || at.task === id) return;
        const others = columns[at.status].filter((one) => one.id !== id);
        const over = others.findIndex((one) => one.id === at.task);
        move(task, at.status, over < 0 ? others.length : at.edge === 'top' ? over : over + 1);
      }),
    [columns, move],
  );
  useDragPart(enabled, begin);
}
