/** All tasks of a team as the page holds them, and how what happens to a task changes them. Pure, and never in place. */
import type { Task, TeamEvent } from '../api/types.ts';

export interface Collection {
  byId: ReadonlyMap<string, Task>;
  /** The revision of the team's log from which on events must be applied; null until the first page is there. */
  revision: number | null;
  /** Whether every page has been read. */
  complete: boolean;
}

export const EMPTY: Collection = { byId: new Map(), revision: null, complete: false };

/** The version alone decides: an answer, a page and an event may overtake each other on their way here. */
function isNewer(task: Task, known: Task | undefined): boolean {
  return known === undefined || task.version > known.version;
}

/** With these tasks, as they were read. */
export function withTasks(collection: Collection, tasks: Iterable<Task>): Collection {
  const byId = new Map(collection.byId);
  for (const task of tasks) if (isNewer(task, byId.get(task.id))) byId.set(task.id, task);
  return { ...collection, byId };
}

export function withoutTask(collection: Collection, id: string): Collection {
  if (!collection.byId.has(id)) return collection;
  const byId = new Map(collection.byId);
  byId.delete(id);
  return { ...collection, byId };
}

/** With these events, in their order. */
export function withEvents(collection: Collection, events: readonly TeamEvent[]): Collection {
  const last = events.at(-1);
  if (last === undefined) return collection;
  const byId = new Map(collection.byId);
  for (const { type, data } of events) {
    if (type === 'label.deleted' && data.label !== undefined) removeLabel(byId, data.label.id);
    if (data.task === undefined) continue;
    if (type === 'task.deleted') byId.delete(data.task.id);
    else if (isNewer(data.task, byId.get(data.task.id))) byId.set(data.task.id, data.task);
  }
  return { ...collection, byId, revision: Math.max(collection.revision ?? 0, last.revision) };
}

function removeLabel(byId: Map<string, Task>, label: string): void {
  for (const task of byId.values()) {
    if (task.labels.includes(label)) byId.set(task.id, { ...task, labels: task.labels.filter((id) => id !== label) });
  }
}

/** The revision in a list's `ETag`: `W/"17-9e3779b97f4a7c15"`. */
export function revisionOf(etag: string | null): number | null {
  const digits = /^(?:W\/)?"(\d+)-/.exec(etag ?? '')?.[1];
  return digits === undefined ? null : Number(digits);
}
