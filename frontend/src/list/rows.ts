import { PRIORITIES, STATUSES, type Status, type Task } from '../api/types.ts';
import { byPosition } from '../task/position.ts';

export const SORTS = ['position', 'priority', 'due', 'updated', 'created'] as const;
export type Sort = (typeof SORTS)[number];

export type Row = { kind: 'group'; status: Status; count: number } | { kind: 'task'; task: Task };

const LAST = '￿';

const ORDERS: Record<Sort, (a: Task, b: Task) => number> = {
  position: byPosition,
  priority: (a, b) => PRIORITIES.indexOf(a.priority) - PRIORITIES.indexOf(b.priority) || byPosition(a, b),
  due: (a, b) => compare(a.due_at ?? LAST, b.due_at ?? LAST) || byPosition(a, b),
  updated: (a, b) => compare(b.updated_at, a.updated_at) || byPosition(a, b),
  created: (a, b) => b.number - a.number,
};

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What is being worked on comes before what waits, and what is over at the end. */
const GROUPS: readonly Status[] = ['in_progress', 'blocked', 'pending', 'completed', 'cancelled'];

/** The list as it is drawn: by status under headings, empty ones left out. */
export function rowsOf(tasks: readonly Task[], sort: Sort, folded: ReadonlySet<Status>): Row[] {
  const groups = new Map<Status, Task[]>(STATUSES.map((status) => [status, []]));
  for (const task of tasks) groups.get(task.status)?.push(task);
  const rows: Row[] = [];
  for (const status of GROUPS) {
    const group = groups.get(status) ?? [];
    if (group.length === 0) continue;
    rows.push({ kind: 'group', status, count: group.length });
    if (folded.has(status)) continue;
    for (const task of group.sort(ORDERS[sort])) rows.push({ kind: 'task', task });
  }
  return rows;
}
