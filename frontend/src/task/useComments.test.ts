import { QueryClient } from '@tanstack/react-query';
import { expect, test, vi } from 'vitest';
import { ApiProblem } from '../api/problem.ts';
import type { Comment } from '../api/types.ts';
import { session } from '../auth/session.ts';
import { aUser, pagesOf } from '../testing.ts';
import { toasts } from '../ui/toasts.ts';
import { commentsKey } from './queries.ts';
import { actionsOn } from './useComments.ts';

const comment: Comment = { id: 'c', task_id: 't', author_id: 'ann', body: 'Old', created_at: '', updated_at: '' };
const key = commentsKey('ops', 't');
const server = vi.hoisted(() => ({ comment: {}, deleted: 0 }));

vi.mock('../api/client.ts', () => ({
  unwrap: (answer: Promise<unknown>) => answer,
  api: {
    GET: () => Promise.resolve(server.comment),
    PATCH: () => Promise.reject(new ApiProblem({ status: 403 })),
    DELETE: () => Promise.resolve(server.deleted++),
  },
}));

function opened(): QueryClient {
  session.set({ phase: 'in', user: aUser() });
  const client = new QueryClient();
  server.comment = comment;
  client.setQueryData(key, pagesOf([comment]));
  return client;
}

test('an edit that fails doesn’t bring back a comment that was deleted meanwhile', async () => {
  const client = opened();
  const result = actionsOn(client, 'ops', 't', 'ann').edit(comment, 'New');
  expect(client.getQueryData(key)).toEqual(pagesOf([{ ...comment, body: 'New' }]));
  // Somebody deletes it, and the event comes before the answer.
  client.setQueryData(key, pagesOf([]));
  expect(await result).toBe(false);
  expect(client.getQueryData(key)).toEqual(pagesOf([]));
});

test('a comment that was deleted offline, and changed by its author meanwhile, is kept', async () => {
  const client = opened();
  let online = false;
  vi.spyOn(navigator, 'onLine', 'get').mockImplementation(() => online);
  const { remove } = actionsOn(client, 'ops', 't', 'bob');
  const removed = remove(comment);
  expect(client.getQueryData(key)).toEqual(pagesOf([]));
  const changed = { ...comment, body: 'New and important' };
  server.comment = changed;
  online = true;
  dispatchEvent(new Event('online'));
  expect(await removed).toBe(false);
  expect(server.deleted).toBe(0);
  expect(client.getQueryState(key)?.isInvalidated).toBe(true);
  expect(toasts.get().at(-1)).toMatchObject({ detail: 'Someone has changed it since, so it is kept.' });

  online = false;
  const second = remove(changed);
  online = true;
  dispatchEvent(new Event('online'));
  expect(await second).toBe(true);
  expect(server.deleted).toBe(1);
});
