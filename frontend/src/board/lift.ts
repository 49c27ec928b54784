/** Moving a task by keyboard: it is lifted, carried over the board, and dropped or put back. */
import type { Status, Task } from '../api/types.ts';
import type { Place } from '../task/actions.ts';
import { neighbours } from '../task/position.ts';

export type Columns = Record<Status, readonly Task[]>;
export type Direction = 'up' | 'down' | 'left' | 'right';

export interface Lift {
  task: Task;
  status: Status;
  /** Among the other tasks of the column. */
  index: number;
}

function without(column: readonly Task[], task: Task): Task[] {
  return column.filter(({ id }) => id !== task.id);
}

/** The columns with the lifted task where it is being held. */
export function liftedColumns(columns: Columns, { task, status, index }: Lift): Columns {
  const next: Columns = { ...columns, [task.status]: without(columns[task.status], task) };
  next[status] = without(next[status], task).toSpliced(index, 0, task);
  return next;
}

/** The lift one step on; at the edge of the board it stays. */
export function carry(columns: Columns, statuses: readonly Status[], lift: Lift, direction: Direction): Lift {
  const { task, status, index } = lift;
  if (direction === 'up' || direction === 'down') {
    const last = without(columns[status], task).length;
    return { ...lift, index: Math.max(0, Math.min(last, index + (direction === 'up' ? -1 : 1))) };
  }
  const next = statuses[statuses.indexOf(status) + (direction === 'left' ? -1 : 1)];
  if (next === undefined) return lift;
  return { task, status: next, index: Math.min(index, without(columns[next], task).length) };
}

/** What to ask of the server, so that the task stands at `index` among the others of the column. */
export function placeOf(columns: Columns, task: Task, status: Status, index: number): Place {
  return { status, ...neighbours(without(columns[status], task), index) };
}

/** The tasks between which several come that are put at `index` among the others of the column. */
export function neighboursOf(columns: Columns, tasks: readonly Task[], status: Status, index: number) {
  const moved = new Set(tasks.map(({ id }) => id));
  return neighbours(columns[status].filter(({ id }) => !moved.has(id)), index);
}

export function isSamePlace(columns: Columns, task: Task, status: Status, index: number): boolean {
  return task.status === status && columns[status].findIndex(({ id }) => id === task.id) === index;
}
