/**
 * The tasks of a team that the page holds: what windows and single reads have brought, kept up to date by the team's
 * log. Pure; never changed in place.
 */
import type { Task, TeamEvent } from '../api/types.ts';

/** What is left of a deleted task, so that an older answer on its way here doesn't bring it back. */
export interface Tombstone {
  version: number;
  number: number;
}

export interface Collection {
  byId: ReadonlyMap<string, Task>;
  gone: ReadonlyMap<string, Tombstone>;
  /** The revision of the team's log up to which events have been applied; null until the first answer. */
  revision: number | null;
}

export const EMPTY: Collection = { byId: new Map(), gone: new Map(), revision: null };

/** An answer is outdated long before this many other tasks have been deleted. */
const MOST_TOMBSTONES = 2_000;

/** Answers, pages and events may overtake each other; the version decides which state is newer. */
function isNewer({ byId, gone }: Collection, task: Task): boolean {
  const known = byId.get(task.id)?.version ?? gone.get(task.id)?.version;
  return known === undefined || task.version > known;
}

/** With these tasks, as they were read. The same object if all of them are known. */
export function withTasks(collection: Collection, tasks: Iterable<Task>): Collection {
  const fresh = [...tasks].filter((task) => isNewer(collection, task));
  if (fresh.length === 0) return collection;
  const byId = new Map(collection.byId);
  const revived = fresh.filter(({ id }) => collection.gone.has(id));
  for (const task of fresh) {
    if (task.version <= (byId.get(task.id)?.version ?? -1)) continue;
    // What has changed last comes last.
    byId.delete(task.id);
    byId.set(task.id, task);
  }
  if (revived.length === 0) return { ...collection, byId };
  const gone = new Map(collection.gone);
  for (const { id } of revived) gone.delete(id);
  return { ...collection, byId, gone };
}

/** Without tasks that were deleted; each `version` is the last one known. */
export function withoutTasks(collection: Collection, tasks: readonly Pick<Task, 'id' | 'number' | 'version'>[]): Collection {
  if (tasks.length === 0) return collection;
  const byId = new Map(collection.byId);
  const gone = new Map(collection.gone);
  for (const { id, number, version } of tasks) {
    const last = Math.max(version, byId.get(id)?.version ?? 0, gone.get(id)?.version ?? 0);
    byId.delete(id);
    gone.set(id, { version: last, number });
  }
  for (const oldest of gone.keys()) {
    if (gone.size <= MOST_TOMBSTONES) break;
    gone.delete(oldest);
  }
  return { ...collection, byId, gone };
}

/** Without all but the last `most` of the tasks that `isUsed` says nothing of: those that changed longest ago go. */
export function withoutUnused(collection: Collection, isUsed: (task: Task) => boolean, most: number): Collection {
  const unused = [...collection.byId.values()].filter((task) => !isUsed(task));
  if (unused.length <= most) return collection;
  const byId = new Map(collection.byId);
  for (const { id } of unused.slice(0, unused.length - most)) byId.delete(id);
  return { ...collection, byId };
}

/** With these events, in their order. A task that wasn't held is held from now on: no page can miss its change. */
export function withEvents(collection: Collection, events: readonly TeamEvent[]): Collection {
  const last = events.at(-1);
  if (last === undefined) return collection;
  let now = collection;
  // Runs of the same kind are applied together: each step copies the collection.
  let [read, deleted]: [Task[], Task[]] = [[], []];
  const settle = () => {
    now = withoutTasks(withTasks(now, read), deleted);
    [read, deleted] = [[], []];
  };
  for (const { type, data } of events) {
    if (type === 'label.deleted' && data.label !== undefined) {
      settle();
      now = withoutLabel(now, data.label.id);
    }
    if (data.task === undefined) continue;
    if (type === 'task.deleted') deleted.push(data.task);
    else {
      if (deleted.length > 0) settle();
      read.push(data.task);
    }
  }
  settle();
  return { ...now, revision: Math.max(collection.revision ?? 0, last.revision) };
}

function withoutLabel(collection: Collection, label: string): Collection {
  const labelled = [...collection.byId.values()].filter((task) => task.labels.includes(label));
  if (labelled.length === 0) return collection;
  const byId = new Map(collection.byId);
  for (const task of labelled) byId.set(task.id, { ...task, labels: task.labels.filter((id) => id !== label) });
  return { ...collection, byId };
}

/** The ids of the tasks that differ between two states. */
export function changedBetween(before: ReadonlyMap<string, Task>, after: ReadonlyMap<string, Task>): Set<string> {
  const changed = new Set<string>();
  let found = 0;
  for (const [id, task] of after) {
    const old = before.get(id);
    if (old !== undefined) found++;
    if (old !== task) changed.add(id);
  }
  if (found < before.size) for (const id of before.keys()) if (!after.has(id)) changed.add(id);
  return changed;
}

/** The revision in a list's `ETag`: `W/"17-9e3779b97f4a7c15"`. */
export function revisionOf(etag: string | null): number | null {
  const digits = /^(?:W\/)?"(\d+)-/.exec(etag ?? '')?.[1];
  return digits === undefined ? null : Number(digits);
}
