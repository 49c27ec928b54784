/** The orders of the server's lists. The page sorts alike, so that a row is where its page will bring it. */
import { PRIORITIES, type Status, type Task } from '../api/types.ts';
import { byPosition } from './position.ts';

export type Order = 'position' | 'number' | 'updated' | 'completed' | 'due' | 'priority';
export type Compare = (a: Task, b: Task) => number;

/** Behind every date. */
const NEVER = '\uffff';

export const ORDERS: Record<Order, Compare> = {
  position: byPosition,
  number: newest,
  updated: (a, b) => compare(b.updated_at, a.updated_at) || newest(a, b),
  completed: (a, b) => compare(b.completed_at ?? '', a.completed_at ?? '') || newest(a, b),
  due: (a, b) => compare(a.due_at ?? NEVER, b.due_at ?? NEVER) || a.number - b.number,
  priority: (a, b) => PRIORITIES.indexOf(a.priority) - PRIORITIES.indexOf(b.priority) || newest(a, b),
};

function newest(a: Task, b: Task): number {
  return b.number - a.number;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The order in which a status is shown: what is closed has no manual order; the latest comes first. */
export function orderOf(status: Status, order: Order): Order {
  if (order !== 'position') return order;
  return status === 'completed' ? 'completed' : status === 'cancelled' ? 'updated' : 'position';
}
