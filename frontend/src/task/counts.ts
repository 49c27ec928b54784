/**
 * How many tasks the server has for a filter, by status, kept up to date between two answers by what happens meanwhile.
 * Pure; never changed in place.
 */
import { STATUSES, type Status, type Task, type TeamEvent } from '../api/types.ts';
import type { Pending } from './pending.ts';

export type ByStatus = Readonly<Record<Status, number>>;

interface Step {
  revision: number;
  by: readonly [Status | null, Status | null];
}

export interface Counts {
  /** The revision at which the server counted. */
  revision: number;
  byStatus: ByStatus;
  /** What was applied since, for an answer that was counted before it. */
  steps: readonly Step[];
  /** Versions that an answer to the user has brought before their event came. */
  seen: ReadonlyMap<string, number>;
}

const MOST_STEPS = 500;

function stepped(byStatus: ByStatus, [from, to]: readonly [Status | null, Status | null]): ByStatus {
  if (from === to) return byStatus;
  const next = { ...byStatus };
  if (from !== null) next[from] = Math.max(0, next[from] - 1);
  if (to !== null) next[to] += 1;
  return next;
}

/** What the server has counted at `revision`, and over it the events that came since. */
export function counted(before: Counts | null, revision: number, byStatus: ByStatus): Counts {
  const steps = before?.steps.filter((step) => step.revision > revision) ?? [];
  const now = steps.reduce((sum, { by }) => stepped(sum, by), byStatus);
  return { revision, byStatus: now, steps, seen: new Map() };
}

type Fits = (task: Task) => boolean;

function statusIf(task: Task | undefined, fits: Fits): Status | null {
  return task !== undefined && fits(task) ? task.status : null;
}

export function withEvent(counts: Counts, event: TeamEvent, fits: Fits): Counts {
  const { task, previous } = event.data;
  if (task === undefined || event.revision <= counts.revision || !event.type.startsWith('task.')) return counts;
  const isGone = event.type === 'task.deleted';
  if (!isGone && (counts.seen.get(task.id) ?? 0) >= task.version) return counts;
  const isNew = event.type === 'task.created' || event.type.startsWith('task.restored');
  const before = isNew ? undefined : { ...task, ...(previous as Partial<Task>) };
  const after = isGone ? undefined : task;
  const wasSeen = isGone && counts.seen.get(task.id) === Infinity;
  if (wasSeen) return counts;
  return withStep(counts, event.revision, statusIf(before, fits), statusIf(after, fits));
}

/** With the answer to a change of the user's: its event will not count again. */
export function withAnswer(counts: Counts, before: Task | undefined, after: Task | undefined, fits: Fits): Counts {
  const id = (after ?? before)?.id ?? '';
  const seen = new Map(counts.seen).set(id, after?.version ?? Infinity);
  const next = withStep(counts, counts.revision, statusIf(before, fits), statusIf(after, fits));
  return { ...next, seen };
}

function withStep(counts: Counts, revision: number, from: Status | null, to: Status | null): Counts {
  if (from === to) return counts;
  const by = [from, to] as const;
  const steps = [...counts.steps, { revision, by }].slice(-MOST_STEPS);
  return { ...counts, byStatus: stepped(counts.byStatus, by), steps };
}

/** The counts with what the user has done and the server hasn't answered yet. */
export function withPending(
  byStatus: ByStatus,
  byId: ReadonlyMap<string, Task>,
  changes: readonly Pending[],
  fits: Fits,
): ByStatus {
  let now = byStatus;
  const touched = new Map<string, Task | undefined>();
  for (const { change } of changes) {
    const id = change.kind === 'add' ? change.task.id : change.task;
    const before = touched.has(id) ? touched.get(id) : byId.get(id);
    if (change.kind === 'set' && before === undefined) continue;
    const after =
      change.kind === 'add' ? change.task : change.kind === 'remove' ? undefined : ({ ...before, ...change.fields } as Task);
    touched.set(id, after);
    now = stepped(now, [statusIf(before, fits), statusIf(after, fits)]);
  }
  return now;
}

export function sumOf(byStatus: ByStatus): number {
  return STATUSES.reduce((sum, status) => sum + byStatus[status], 0);
}
