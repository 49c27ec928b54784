import { QueryClient } from '@tanstack/react-query';
import { expect, test, vi } from 'vitest';
import { ApiProblem } from '../api/problem.ts';
import type { Comment } from '../api/types.ts';
import { session } from '../auth/session.ts';
import { aUser } from '../testing.ts';
import { commentsKey } from './queries.ts';
import { actionsOn } from './useComments.ts';

const server = vi.hoisted(() => ({ comments: [] as object[] }));

vi.mock('../api/client.ts', () => ({
  unwrap: (answer: Promise<unknown>) => answer,
  allPages: () => Promise.resolve(server.comments),
  api: { PATCH: () => Promise.reject(new ApiProblem({ status: 403 })) },
}));

const comment: Comment = { id: 'c', task_id: 't', author_id: 'ann', body: 'Old', created_at: '', updated_at: '' };
const key = commentsKey('ops', 't');

function opened(): QueryClient {
  session.set({ phase: 'in', user: aUser() });
  const client = new QueryClient();
  client.setQueryData(key, [comment]);
  return client;
}

test('an edit that fails doesn’t bring back a comment that was deleted meanwhile', async () => {
  const client = opened();
  const result = actionsOn(client, 'ops', 't', 'ann').edit(comment, 'New');
  expect(client.getQueryData(key)).toEqual([{ ...comment, body: 'New' }]);
  // Somebody deletes it, and the event comes before the answer.
  client.setQueryData(key, []);
  expect(await result).toBe(false);
  expect(client.getQueryData(key)).toEqual([]);
});
