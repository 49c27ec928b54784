import type { Status, Task } from '../api/types.ts';
import type { Columns, Direction } from './lift.ts';

const KEYS: Record<string, Direction> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
  k: 'up',
  j: 'down',
};

export function directionOf(key: string): Direction | null {
  return KEYS[key] ?? null;
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

/** Gives the focus to a task that is being drawn now. */
export function focusTask(id: string, tries = 5): void {
  requestAnimationFrame(() => {
    const link = document.querySelector<HTMLElement>(`[data-task="${CSS.escape(id)}"] [data-focus]`);
    if (link === null) {
      if (tries > 0) focusTask(id, tries - 1);
      return;
    }
    link.focus({ preventScroll: true });
    link.closest('[data-task]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  });
}
