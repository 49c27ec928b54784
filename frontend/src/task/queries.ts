/** What the page reads besides tasks (see `team-tasks.ts`), each under its one key. */
import { infiniteQueryOptions, queryOptions, type InfiniteData } from '@tanstack/react-query';
import { allPages, api, unwrap } from '../api/client.ts';
import type { Comment, Member, Task } from '../api/types.ts';

const PAGE = 200;

export const labelsKey = (team: string) => ['team', team, 'labels'] as const;
export const membersKey = (team: string) => ['team', team, 'members'] as const;
export const commentsKey = (team: string, task: string) => ['team', team, 'task', task, 'comments'] as const;
export const historyKey = (team: string, task: string) => ['team', team, 'task', task, 'history'] as const;

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

/** Somebody who is or was in the team. */
export type Person = Member & { left_at?: string | null };

export function isMember(person: Person): boolean {
  return (person.left_at ?? null) === null;
}

/** Below `membersKey`, so that both are read again together. */
export const peopleKey = (team: string) => [...membersKey(team), 'people'] as const;

/** Everybody whose id may stand in the team's data: names stay when somebody leaves. */
export const peopleQuery = (team: string) =>
  queryOptions({
    queryKey: peopleKey(team),
    queryFn: ({ signal }): Promise<Person[]> =>
      allPages((cursor) => {
        const query = { limit: PAGE, include: 'former' as const, ...(cursor !== undefined && { cursor }) };
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

/** So many comments are read at once: the newest, and older ones as they are asked for. */
const COMMENTS_PAGE = 30;

/** The newest first, as the server gives them. */
export type CommentPages = InfiniteData<{ items: Comment[]; next_cursor: string | null }, string | undefined>;

export const commentsQuery = (team: string, task: Task) =>
  infiniteQueryOptions({
    queryKey: commentsKey(team, task.id),
    queryFn: ({ signal, pageParam }) => {
      const query = { sort: 'newest' as const, limit: COMMENTS_PAGE, ...(pageParam !== undefined && { cursor: pageParam }) };
      return unwrap(api.GET('/api/v1/teams/{team}/tasks/{task}/comments', { params: { path: { team, task: task.id }, query }, signal }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
  });

/** So much of a history is read at once: the newest, and older parts as they are asked for. */
const HISTORY_PAGE = 50;

export const historyQuery = (team: string, task: Task) =>
  infiniteQueryOptions({
    queryKey: historyKey(team, task.id),
    queryFn: ({ signal, pageParam }) => {
      const query = { limit: HISTORY_PAGE, ...(pageParam !== undefined && { cursor: pageParam }) };
      return unwrap(api.GET('/api/v1/teams/{team}/tasks/{task}/history', { params: { path: { team, task: task.id }, query }, signal }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
  });
