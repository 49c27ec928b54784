import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { describe, expect, it, vi } from 'vitest';
import type { Comment } from '../api/types.ts';
import { begin, commentDraft } from '../task/pending.ts';
import { commentsKey, type CommentPages, historyKey, membersKey, peopleKey, type Person } from '../task/queries.ts';
import { tasksOf } from '../task/team-tasks.ts';
import { find, ruleOf, show } from '../task/window.ts';
import { NO_FILTERS } from '../list/filters.ts';
import { aTask, anEvent, aUser, pagesOf } from '../testing.ts';
import { applyEvents, refreshMembers } from './apply.ts';
import { latest, recent } from './notice.ts';

function held(): QueryClient {
  const client = new QueryClient();
  tasksOf(client, 'ops').take([aTask()], 4);
  return client;
}

it('puts a task in place, and says quietly who did it', () => {
  vi.useFakeTimers();
  const client = held();
  const done = aTask({ status: 'completed', version: 2 });
  const event = anEvent(5, 'task.status_changed', done, { status: 'pending' });
  applyEvents(client, 'ops', [event], 'alice');
  const now = tasksOf(client, 'ops').collection;
  expect(now.byId.get('task-1')).toEqual(done);
  expect(now.revision).toBe(5);
  expect(recent.get().get('task-1')).toBe(event);
  expect(latest.get()).toEqual({ event, count: 1 });
  vi.advanceTimersByTime(5_000);
  expect(recent.get().size).toBe(0);
  expect(latest.get()).toBeNull();
  vi.useRealTimers();
});

it('makes no noise about what the user did in another tab', () => {
  const event = { ...anEvent(5, 'task.updated', aTask({ title: 'New', version: 2 })), actor_id: 'alice' };
  applyEvents(held(), 'ops', [event], 'alice');
  expect(latest.get()).toBeNull();
});

it('keeps what the user is doing over what comes meanwhile', () => {
  const client = held();
  const settle = begin('ops', { kind: 'set', task: 'task-1', fields: { status: 'blocked' } });
  applyEvents(client, 'ops', [anEvent(5, 'task.updated', aTask({ title: 'Theirs', version: 2 }))], 'bob');
  const seen = () => tasksOf(client, 'ops').get('task-1');
  expect(seen()).toMatchObject({ title: 'Theirs', status: 'blocked' });
  settle();
  expect(seen()).toMatchObject({ title: 'Theirs', status: 'pending' });
});

it('shows a task once that was made here, whichever comes first, answer or event', () => {
  const client = held();
  const made = aTask({ number: 2, title: 'Made', version: 1 });
  const settle = begin('ops', { kind: 'add', task: { ...made, id: 'draft', version: 0 } });
  applyEvents(client, 'ops', [{ ...anEvent(5, 'task.created', made), actor_id: 'alice' }], 'alice');
  const { collection, own, changes } = tasksOf(client, 'ops');
  const rule = ruleOf({ filters: NO_FILTERS, order: 'position' });
  const seen = show(find(collection.byId, rule, null), rule, null, own, changes);
  expect(seen.filter(({ title }) => title === 'Made')).toEqual([made]);
  settle();
});

it('adds comments and history to what is open, each once', () => {
  const client = held();
  const task = aTask();
  const comment: Comment = { id: 'c', task_id: task.id, author_id: 'bob', body: 'Hi', created_at: '', updated_at: '' };
  client.setQueryData(commentsKey('ops', task.id), pagesOf([]));
  client.setQueryData(historyKey('ops', task.id), { pages: [{ items: [], next_cursor: null }], pageParams: [undefined] });
  const event = { ...anEvent(5, 'comment.created', task), data: { task, comment, previous: {} } };
  applyEvents(client, 'ops', [event, event], 'alice');
  expect(client.getQueryData(commentsKey('ops', task.id))).toEqual(pagesOf([comment]));
  expect(client.getQueryData(historyKey('ops', task.id))).toMatchObject({ pages: [{ items: [event], next_cursor: null }] });
});

it('shows a comment of one’s own once when its event comes before the answer', () => {
  const client = held();
  const task = aTask();
  const fields = { task_id: task.id, author_id: 'alice', body: 'Hi', created_at: '', updated_at: '' };
  const [first, second] = [commentDraft(fields), commentDraft(fields)];
  client.setQueryData(commentsKey('ops', task.id), pagesOf([second, first]));
  const comment: Comment = { ...fields, id: 'c' };
  const event = { ...anEvent(5, 'comment.created', task), data: { task, comment, previous: {} } };
  applyEvents(client, 'ops', [event, event], 'alice');
  expect(client.getQueryData(commentsKey('ops', task.id))).toEqual(pagesOf([second, comment]));
});

it.each(['for the first time', 'again'])('reads what an event is about once more when it is being read %s', async (when) => {
  const client = held();
  const queryKey = commentsKey('ops', 'task-1');
  const comment = { id: 'c', task_id: 'task-1', author_id: 'bob', body: 'Said meanwhile', created_at: '', updated_at: '' };
  if (when === 'again') client.setQueryData(queryKey, pagesOf([]), { updatedAt: 1 });
  const answers: ((comments: CommentPages) => void)[] = [];
  const read = () => new Promise<CommentPages>((resolve) => answers.push(resolve));
  const stop = new QueryObserver(client, { queryKey, queryFn: read }).subscribe(() => undefined);
  const event = { ...anEvent(5, 'comment.created', aTask()), data: { comment, previous: {} } };
  applyEvents(client, 'ops', [event, { ...event, revision: 6 }], 'alice');
  // The server had read them before the comment was there.
  answers[0]?.(pagesOf([]));
  await vi.waitFor(() => expect(answers).toHaveLength(2));
  answers[1]?.(pagesOf([comment]));
  await vi.waitFor(() => expect(client.getQueryData(queryKey)).toEqual(pagesOf([comment])));
  expect(answers).toHaveLength(2);
  stop();
});

describe('members and teams', () => {
  const user = (id: string): Person => ({ user: aUser({ id }), role: 'member', joined_at: '', left_at: null });
  const reading = (client: QueryClient, queryKey: readonly string[]) => {
    const answers: ((people: Person[]) => void)[] = [];
    const queryFn = () => new Promise<Person[]>((resolve) => answers.push(resolve));
    const stop = new QueryObserver(client, { queryKey, queryFn }).subscribe(() => undefined);
    return { answers, stop };
  };

  it('are read once more when they change while they are read for the first time', async () => {
    for (const queryKey of [membersKey('ops'), peopleKey('ops'), ['teams']]) {
      const client = held();
      const { answers, stop } = reading(client, queryKey);
      void refreshMembers(client, 'ops');
      void refreshMembers(client, 'ops');
      answers[0]?.([user('ann')]);
      await vi.waitFor(() => expect(answers).toHaveLength(2));
      answers[1]?.([user('ann'), user('bob')]);
      await vi.waitFor(() => expect(client.getQueryData(queryKey)).toHaveLength(2));
      expect(answers).toHaveLength(2);
      stop();
    }
  });

  it('are read once more when an event names somebody who has joined while they were read', async () => {
    const client = held();
    const { answers, stop } = reading(client, peopleKey('ops'));
    const event = { ...anEvent(5, 'task.updated', aTask({ version: 2 })), actor_id: 'newcomer' };
    applyEvents(client, 'ops', [event], 'ann');
    answers[0]?.([user('ann')]);
    await vi.waitFor(() => expect(answers).toHaveLength(2));
    stop();
  });
});
