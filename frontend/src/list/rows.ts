import type { Status, Task } from '../api/types.ts';
import { orderOf, type Order } from '../task/order.ts';

export const SORTS = ['position', 'priority', 'due', 'updated', 'created', 'completed'] as const;
export type Sort = (typeof SORTS)[number];

export type Row =
  /** A heading, whose count may not be known yet. */
  | { kind: 'group'; id: Status; status: Status; count: number | undefined; isFolded: boolean }
  /** A task, at its place of so many in its group. */
  | { kind: 'task'; id: string; task: Task; place: number; of: number; isKept: boolean; isGone: boolean };

/** What is being worked on comes before what waits, and what is over at the end. */
export const GROUPS: readonly Status[] = ['in_progress', 'blocked', 'pending', 'completed', 'cancelled'];

/** The order of a group's window. */
export function orderIn(status: Status, sort: Sort): Order {
  if (sort === 'created') return 'number';
  // Open tasks have no day on which they were completed.
  if (sort === 'completed') return status === 'completed' ? 'completed' : orderOf(status, 'position');
  return orderOf(status, sort);
}

export interface Group {
  status: Status;
  tasks: readonly Task[];
  total: number | undefined;
  isFolded: boolean;
  /** Shown although the filter hides them. */
  kept?: ReadonlySet<string>;
  /** Shown although they are gone. */
  gone?: ReadonlySet<string>;
  /** All of its tasks are new, and held back: its heading would push down what is under the pointer. */
  isHeldBack?: boolean;
}

/** The list as it is drawn: by status under headings, empty ones left out. */
export function rowsOf(groups: readonly Group[]): Row[] {
  const rows: Row[] = [];
  for (const { status, tasks, total, isFolded, kept, gone, isHeldBack = false } of groups) {
    if (tasks.length === 0 && (isHeldBack || total === 0 || (total === undefined && !isFolded))) continue;
    rows.push({ kind: 'group', id: status, status, count: total, isFolded });
    if (isFolded) continue;
    const of = Math.max(total ?? 0, tasks.length);
    for (const [n, task] of tasks.entries()) {
      const [isKept, isGone] = [kept?.has(task.id) === true, gone?.has(task.id) === true];
      rows.push({ kind: 'task', id: task.id, task, place: n + 1, of, isKept, isGone });
    }
  }
  return rows;
}

/** The groups that end close behind what is drawn, or within it: their next page is wanted. */
export function endingIn(rows: readonly Row[], first: number, last: number, near: number): Set<Status> {
  const ending = new Set<Status>();
  let status: Status | null = null;
  for (const [index, row] of rows.entries()) {
    if (row.kind === 'group') status = row.status;
    const isEnd = rows[index + 1]?.kind !== 'task';
    if (isEnd && status !== null && index >= first && index - near <= last) ending.add(status);
  }
  return ending;
}
