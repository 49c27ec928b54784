/**
 * Where a task stands on the board. The server makes the keys that last; the page needs one only until its answer is
 * there, to show a task where it was dropped.
 */
import type { Status, Task } from '../api/types.ts';
import { isDraft } from './pending.ts';

const LOWEST = 0x20;
const HIGHEST = 0x7f;

/** By the key bytewise, as the server orders (the keys are ASCII). */
export function byPosition(a: Task, b: Task): number {
  return a.position < b.position ? -1 : a.position > b.position ? 1 : a.number - b.number;
}

/** A key above `low` and below `high`; an empty string is the open end. */
export function keyBetween(low: string, high: string): string {
  let key = '';
  let bounded = high !== '';
  for (let i = 0; i < 200; i++) {
    const floor = i < low.length ? low.charCodeAt(i) : LOWEST;
    const ceiling = bounded ? (i < high.length ? high.charCodeAt(i) : LOWEST) : HIGHEST;
    const middle = (floor + ceiling) >> 1;
    if (middle > floor) return key + String.fromCharCode(middle);
    key += String.fromCharCode(floor);
    if (floor < ceiling) bounded = false;
  }
  return key;
}

/**
 * The tasks before and after which a task comes that is put at `index` of a column that doesn't hold it. The server
 * doesn't know those that are still being created.
 */
export function neighbours(column: readonly Task[], index: number): { before?: Task; after?: Task } {
  const isKnown = (task: Task) => !isDraft(task);
  const after = column.slice(0, index).findLast(isKnown);
  const before = column.slice(index).find(isKnown);
  return { ...(before && { before }), ...(after && { after }) };
}

/** The tasks by status, each in the order of the board. */
export function columnsOf(tasks: Iterable<Task>): Record<Status, Task[]> {
  const columns: Record<Status, Task[]> = { pending: [], in_progress: [], blocked: [], completed: [], cancelled: [] };
  for (const task of tasks) columns[task.status].push(task);
  for (const column of Object.values(columns)) column.sort(byPosition);
  return columns;
}
