/**
 * A window: one list of the server (a filter, a status, an order), of which the page has read the beginning. It shows
 * every held task that fits, up to its boundary: beyond that there may be tasks that the page doesn't hold. Pure.
 */
import type { Status, Task } from '../api/types.ts';
import { matcher, viewer, type Filters } from '../list/filters.ts';
import { changedBetween } from './collection.ts';
import { ORDERS, type Compare, type Order } from './order.ts';
import type { Pending } from './pending.ts';

export interface WindowSpec {
  filters: Filters;
  /** One status of the filter; all that it lets through if left out. */
  status?: Status;
  order: Order;
  /** When the viewer's day began, in ms since 1970, for a filter of due dates; the present day if left out. */
  day?: number;
}

export function keyOf({ filters, status, order, day }: WindowSpec): string {
  return JSON.stringify([status ?? null, order, filters, day ?? null]);
}

/** A moment of the day for which the window finds what is due. */
export function momentOf({ day }: Pick<WindowSpec, 'day'>): Date {
  return day === undefined ? new Date() : new Date(day);
}

/** What the user has just done here, and what it is shown in spite of: a filter, or the boundary. */
export type Own = ReadonlyMap<string, 'made' | 'changed'>;

/** Which tasks belong to a window, and in which order. */
export interface Rule {
  fits: (task: Task) => boolean;
  /** Whether the status alone is right. */
  isOfStatus: (task: Task) => boolean;
  compare: Compare;
}

export function ruleOf(spec: WindowSpec): Rule {
  const { filters, status, order } = spec;
  const matches = matcher(filters, { ...viewer(), now: momentOf(spec) });
  const known = new WeakMap<Task, boolean>();
  const isOfStatus = (task: Task) => status === undefined || task.status === status;
  const fits = (task: Task) => {
    if (!isOfStatus(task)) return false;
    let result = known.get(task);
    if (result === undefined) known.set(task, (result = matches(task)));
    return result;
  };
  return { fits, isOfStatus, compare: ORDERS[order] };
}

/** All held tasks that fit, in order, and what they were found in. */
export interface Found {
  byId: ReadonlyMap<string, Task>;
  tasks: readonly Task[];
}

/** The same array if nothing in it has changed; otherwise only what has changed is sorted in. */
export function find(byId: ReadonlyMap<string, Task>, { fits, compare }: Rule, before: Found | null): Found {
  if (before === null) return { byId, tasks: [...byId.values()].filter(fits).sort(compare) };
  if (before.byId === byId) return before;
  const changed = changesBetween(before.byId, byId);
  const was = before.tasks.some(({ id }) => changed.has(id));
  const now = [...changed].map((id) => byId.get(id)).filter((task): task is Task => task !== undefined && fits(task));
  if (!was && now.length === 0) return { byId, tasks: before.tasks };
  const rest = was ? before.tasks.filter(({ id }) => !changed.has(id)) : before.tasks;
  return { byId, tasks: merged(rest, now.sort(compare), compare) };
}

/** Several windows ask for the same pair. */
let last: { before: unknown; after: unknown; changed: Set<string> } | null = null;

function changesBetween(before: ReadonlyMap<string, Task>, after: ReadonlyMap<string, Task>): Set<string> {
  if (last?.before !== before || last.after !== after) last = { before, after, changed: changedBetween(before, after) };
  return last.changed;
}

/** Two sorted lists as one. */
export function merged(a: readonly Task[], b: readonly Task[], compare: Compare): readonly Task[] {
  if (b.length === 0) return a;
  const all: Task[] = [];
  let next = 0;
  for (const task of b) {
    const place = placeIn(a, task, compare);
    while (next < place) all.push(a[next++] as Task);
    all.push(task);
  }
  while (next < a.length) all.push(a[next++] as Task);
  return all;
}

/** Where `task` goes in a sorted list: behind what is equal to it. */
export function placeIn(tasks: readonly Task[], task: Task, compare: Compare): number {
  let [low, high] = [0, tasks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(tasks[middle] as Task, task) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What a window shows: what was found, up to the boundary, and over it what the user has just done. */
export function show(found: Found, rule: Rule, boundary: Task | null, own: Own, changes: readonly Pending[]): readonly Task[] {
  const { compare } = rule;
  const end = boundary === null ? found.tasks.length : placeIn(found.tasks, boundary, compare);
  const within = end === found.tasks.length ? found.tasks : found.tasks.slice(0, end);
  const beside = [...own].flatMap(([id, kind]) => {
    const task = found.byId.get(id);
    if (task === undefined || !rule.isOfStatus(task)) return [];
    const isShown = rule.fits(task) && (boundary === null || compare(task, boundary) <= 0);
    return !isShown && (kind === 'made' || rule.fits(task)) ? [task] : [];
  });
  const settled = beside.length === 0 ? within : merged(within, beside.sort(compare), compare);
  return overlaid(settled, found.byId, rule, own, changes);
}

function overlaid(
  settled: readonly Task[],
  byId: ReadonlyMap<string, Task>,
  rule: Rule,
  own: Own,
  changes: readonly Pending[],
): readonly Task[] {
  if (changes.length === 0) return settled;
  const touched = new Map<string, Task | null>();
  for (const { change } of changes) {
    if (change.kind === 'add') {
      touched.set(change.task.id, change.task);
      continue;
    }
    const task = touched.get(change.task) ?? byId.get(change.task);
    if (task === undefined) continue;
    touched.set(change.task, change.kind === 'remove' ? null : { ...task, ...change.fields });
  }
  const isKept = (task: Task) => task.version === 0 || own.get(task.id) === 'made';
  const now = [...touched.values()].filter(
    (task): task is Task => task !== null && rule.isOfStatus(task) && (isKept(task) || rule.fits(task)),
  );
  const hasAny = settled.some(({ id }) => touched.has(id));
  if (!hasAny && now.length === 0) return settled;
  return merged(hasAny ? settled.filter(({ id }) => !touched.has(id)) : settled, now.sort(rule.compare), rule.compare);
}

export const NOTHING_KEPT: ReadonlySet<string> = new Set();

export function isEqual(a: readonly Task[], b: readonly Task[]): boolean {
  return a === b || (a.length === b.length && a.every((task, n) => task === b[n]));
}

/** What a window shows, and which of it the filter would hide. */
export function shownNow(found: Found, rule: Rule, boundary: Task | null, own: Own, changes: readonly Pending[]) {
  const tasks = show(found, rule, boundary, own, changes);
  const isExempt = own.size > 0 || changes.length > 0;
  const hidden = isExempt ? tasks.filter((task) => !rule.fits(task)).map(({ id }) => id) : [];
  return { tasks, kept: hidden.length === 0 ? NOTHING_KEPT : new Set(hidden) };
}
