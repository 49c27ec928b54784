/** What windows, counts and single tasks ask of the server. */
import { api } from '../api/client.ts';
import { asProblem, problemOf } from '../api/problem.ts';
import type { Status, Task } from '../api/types.ts';
import type { TaskQuery } from '../list/filters.ts';
import { revisionOf } from './collection.ts';
import type { ByStatus } from './counts.ts';
import type { Order } from './order.ts';

/**
 * Never from the browser's cache: after a restore of the database, the same revision, and with it the same `ETag`, may
 * stand for other tasks.
 */
const FRESH = { cache: 'no-store' } as const;
const RETRIES = 2;
const FIRST_RETRY_MS = 1_000;
const PASSING = [0, 429, 502, 503, 504];

export interface TaskPage {
  items: Task[];
  next: string | undefined;
  revision: number | null;
}

export interface ListQuery extends TaskQuery {
  sort: Order;
  limit: number;
  cursor?: string;
}

/** Retries what may pass by itself. */
async function patiently<T>(signal: AbortSignal, call: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await call();
    } catch (error) {
      signal.throwIfAborted();
      if (tries >= RETRIES || !PASSING.includes(asProblem(error).status)) throw error;
      await new Promise((resolve) => setTimeout(resolve, FIRST_RETRY_MS * 2 ** tries));
      signal.throwIfAborted();
    }
  }
}

export function readPage(team: string, query: ListQuery, signal: AbortSignal): Promise<TaskPage> {
  return patiently(signal, async () => {
    const params = { path: { team }, query: query as never };
    const { data, error, response } = await api.GET('/api/v1/teams/{team}/tasks', { params, signal, ...FRESH });
    if (data === undefined) throw problemOf(error, response);
    const revision = revisionOf(response.headers.get('ETag'));
    return { items: data.items, next: data.next_cursor ?? undefined, revision };
  });
}

export async function readRevision(team: string, signal: AbortSignal): Promise<number> {
  return (await readPage(team, { sort: 'number', limit: 1 }, signal)).revision ?? 0;
}

export function readTask(team: string, task: string, signal: AbortSignal): Promise<Task> {
  return patiently(signal, async () => {
    const params = { path: { team, task } };
    const { data, error, response } = await api.GET('/api/v1/teams/{team}/tasks/{task}', { params, signal, ...FRESH });
    if (data === undefined) throw problemOf(error, response);
    return data;
  });
}

const NONE: ByStatus = { pending: 0, in_progress: 0, blocked: 0, completed: 0, cancelled: 0 };

export function readCounts(team: string, query: TaskQuery, signal: AbortSignal) {
  return patiently(signal, async () => {
    const path = '/api/v1/teams/{team}/tasks/counts' as '/api/v1/teams/{team}/tasks';
    const params = { path: { team }, query: query as never };
    const { data, error, response } = await api.GET(path, { params, signal, ...FRESH });
    if (data === undefined) throw problemOf(error, response);
    const { by_status } = data as unknown as { by_status: Partial<Record<Status, number>> };
    return { byStatus: { ...NONE, ...by_status }, revision: revisionOf(response.headers.get('ETag')) ?? 0 };
  });
}
