/** Everything the page reads, each under its one key. */
import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { allPages, api, unwrap } from '../api/client.ts';
import { problemOf } from '../api/problem.ts';
import type { Task, TeamEvent } from '../api/types.ts';
import { EMPTY, revisionOf, withEvents, withTasks, type Collection } from './collection.ts';

const PAGE = 200;
/** While a long list comes in, it is shown anew at most so often. */
const SHOW_EVERY_MS = 200;

export const tasksKey = (team: string) => ['team', team, 'tasks'] as const;
export const labelsKey = (team: string) => ['team', team, 'labels'] as const;
export const membersKey = (team: string) => ['team', team, 'members'] as const;
export const commentsKey = (team: string, task: string) => ['team', team, 'task', task, 'comments'] as const;
export const historyKey = (team: string, task: string) => ['team', team, 'task', task, 'history'] as const;

/** Events that come while a team's tasks are being read; they go over what is read. */
const meanwhile = new Map<string, TeamEvent[]>();

/** Puts events into the tasks that are held, and keeps them for a reading under way. */
export function applyToTasks(client: QueryClient, team: string, events: TeamEvent[]): void {
  meanwhile.get(team)?.push(...events);
  client.setQueryData<Collection>(tasksKey(team), (now) => now && withEvents(now, events));
}

async function page(team: string, cursor: string | undefined, signal: AbortSignal) {
  const query = { sort: 'position' as const, limit: PAGE, ...(cursor !== undefined && { cursor }) };
  const call = api.GET('/api/v1/teams/{team}/tasks', { params: { path: { team }, query }, signal });
  const { data, error, response } = await call;
  if (data === undefined) throw problemOf(error, response);
  return { ...data, revision: revisionOf(response.headers.get('ETag')) };
}

async function readTasks(client: QueryClient, team: string, signal: AbortSignal): Promise<Collection> {
  const events: TeamEvent[] = [];
  meanwhile.set(team, events);
  const isFirst = client.getQueryData(tasksKey(team)) === undefined;
  let read = EMPTY;
  let cursor: string | undefined;
  let shown = 0;
  try {
    do {
      const { items, next_cursor, revision } = await page(team, cursor, signal);
      read = withTasks({ ...read, revision: read.revision ?? revision ?? 0 }, items);
      cursor = next_cursor ?? undefined;
      if (isFirst && cursor !== undefined && Date.now() - shown > SHOW_EVERY_MS) {
        shown = Date.now();
        client.setQueryData<Collection>(tasksKey(team), withEvents(read, events));
      }
    } while (cursor !== undefined);
    return { ...withEvents(read, events), complete: true };
  } finally {
    if (meanwhile.get(team) === events) meanwhile.delete(team);
  }
}

export const tasksQuery = (client: QueryClient, team: string) =>
  queryOptions({
    queryKey: tasksKey(team),
    queryFn: ({ signal }) => readTasks(client, team, signal),
    // The team's log keeps it fresh.
    staleTime: Infinity,
    gcTime: Infinity,
    structuralSharing: false,
  });

export const labelsQuery = (team: string) =>
  queryOptions({
    queryKey: labelsKey(team),
    queryFn: async ({ signal }) =>
      (await unwrap(api.GET('/api/v1/teams/{team}/labels', { params: { path: { team } }, signal }))).items,
    staleTime: Infinity,
  });

export const membersQuery = (team: string) =>
  queryOptions({
    queryKey: membersKey(team),
    queryFn: ({ signal }) =>
      allPages((cursor) => {
        const query = { limit: PAGE, ...(cursor !== undefined && { cursor }) };
        return unwrap(api.GET('/api/v1/teams/{team}/members', { params: { path: { team }, query }, signal }));
      }),
    staleTime: 60_000,
  });

export const teamsQuery = () =>
  queryOptions({
    queryKey: ['teams'],
    queryFn: ({ signal }) =>
      allPages((cursor) => {
        const query = { limit: PAGE, ...(cursor !== undefined && { cursor }) };
        return unwrap(api.GET('/api/v1/teams', { params: { query }, signal }));
      }),
    staleTime: 60_000,
  });

export const commentsQuery = (team: string, task: Task) =>
  queryOptions({
    queryKey: commentsKey(team, task.id),
    queryFn: ({ signal }) =>
      allPages((cursor) => {
        const params = { path: { team, task: task.id }, query: { limit: PAGE, ...(cursor !== undefined && { cursor }) } };
        return unwrap(api.GET('/api/v1/teams/{team}/tasks/{task}/comments', { params, signal }));
      }),
  });

export const historyQuery = (team: string, task: Task) =>
  queryOptions({
    queryKey: historyKey(team, task.id),
    queryFn: async ({ signal }) => {
      const params = { path: { team, task: task.id }, query: { limit: 100 } };
      return unwrap(api.GET('/api/v1/teams/{team}/tasks/{task}/history', { params, signal }));
    },
  });
