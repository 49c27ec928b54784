import type { Status, Task } from '../api/types.ts';
import { orderOf, type Order } from '../task/order.ts';

export const SORTS = ['position', 'priority', 'due', 'updated', 'created'] as const;
export type Sort = (typeof SORTS)[number];

/** A heading, whose count may not be known yet, or a task. */
export type Row = { kind: 'group'; status: Status; count: number | undefined } | { kind: 'task'; task: Task };

/** What is being worked on comes before what waits, and what is over at the end. */
export const GROUPS: readonly Status[] = ['in_progress', 'blocked', 'pending', 'completed', 'cancelled'];

/** The order of a group's window. */
export function orderIn(status: Status, sort: Sort): Order {
  return sort === 'created' ? 'number' : orderOf(status, sort);
}

export interface Group {
  status: Status;
  tasks: readonly Task[];
  total: number | undefined;
  isFolded: boolean;
}

/** The list as it is drawn: by status under headings, empty ones left out. */
export function rowsOf(groups: readonly Group[]): Row[] {
  const rows: Row[] = [];
  for (const { status, tasks, total, isFolded } of groups) {
    if (total === 0 || (total === undefined && tasks.length === 0)) continue;
    rows.push({ kind: 'group', status, count: total });
    if (!isFolded) for (const task of tasks) rows.push({ kind: 'task', task });
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
