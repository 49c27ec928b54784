import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ApiProblem } from '../api/problem.ts';
import type { Task, TaskMove, TaskPatch } from '../api/types.ts';
import { session } from '../auth/session.ts';
import { unsavedWork } from '../drafts/unsaved.ts';
import { aTask, aUser } from '../testing.ts';
import { toasts } from '../ui/toasts.ts';
import { actionsOn, type Place } from './actions.ts';
import { patchAll, removeAll } from './bulk.ts';
import { pending } from './pending.ts';
import { replay } from './replay.ts';
import { tasksOf } from './team-tasks.ts';
import { undoCreate } from './undo.ts';

interface Moved {
  body: TaskMove;
}

interface Sent {
  body: TaskPatch;
  params: { header?: { 'If-Match'?: string } };
}

const server = vi.hoisted(() => ({
  task: undefined as Task | undefined,
  /** What happens on the way of the next requests, in their order. */
  onTheWay: [] as (() => void)[],
  /** Who has done something to the task. */
  actors: [] as string[],
  patches: [] as object[],
  moves: [] as object[],
  deleted: [] as string[],
}));

vi.mock('../api/client.ts', async (original) => ({
  ...(await original<object>()),
  unwrap: (answer: Promise<unknown>) => answer,
  api: {
    GET: (path: string) => path.endsWith('/history') ? Promise.resolve({ items: server.actors.map((actor_id) => ({ actor_id })), next_cursor: null }) : (server.task ? Promise.resolve(server.task) : Promise.reject(new ApiProblem({ status: 404 }))),
    DELETE: (_path: string, { params }: Sent) => {
      const wanted = params.header?.['If-Match'];
      if (wanted !== undefined && wanted !== `"${server.task?.version}"`) return Promise.reject(new ApiProblem({ status: 412 }));
      server.task = undefined;
      return Promise.resolve();
    },
    POST: (_path: string, { body }: Moved) => {
      server.moves.push(body);
      const { before, after, ...fields } = body;
      const errors = Object.entries({ before, after })
        .filter(([, id]) => server.deleted.includes(id ?? ''))
        .map(([name]) => ({ pointer: `/${name}`, detail: 'must be another task of the team' }));
      if (errors.length > 0) return Promise.reject(new ApiProblem({ status: 422, errors }));
      const { task } = server;
      if (task === undefined) return Promise.reject(new ApiProblem({ status: 404 }));
      server.task = { ...task, ...fields, position: `${after ?? before}!`, version: task.version + 1 } as Task;
      return Promise.resolve(server.task);
    },
    PATCH: (_path: string, { body, params }: Sent) => {
      server.patches.push(body);
      const wanted = params.header?.['If-Match'];
      const { task } = server;
      if (task === undefined) return Promise.reject(new ApiProblem({ status: 404 }));
      if (wanted !== undefined && wanted !== `"${task.version}"`) return Promise.reject(new ApiProblem({ status: 412 }));
      server.task = { ...task, ...(body as Partial<Task>), version: task.version + 1 };
      server.onTheWay.shift()?.();
      return Promise.resolve(server.task);
    },
  },
}));

const shown = aTask({ id: 't', labels: ['bug'], assignees: ['ann'] });
let client: QueryClient;
let tasks: ReturnType<typeof tasksOf>;
const actions = () => actionsOn(client, 'ops');

function changedByColleague(fields: Partial<Task>): Task {
  const { task } = server;
  if (task === undefined) throw new Error('no task');
  return (server.task = { ...task, ...fields, version: task.version + 1 });
}

beforeEach(() => {
  session.set({ phase: 'in', user: aUser() });
  client = new QueryClient();
  tasks = tasksOf(client, 'ops');
  tasks.take([shown], 1);
  Object.assign(server, { task: shown, onTheWay: [], patches: [], moves: [], deleted: [] });
});

test('a colleague’s label and assignee stay that were set before the request was sent', async () => {
  changedByColleague({ labels: ['bug', 'urgent'], assignees: ['ann', 'bob'] });
  expect(await actions().patch(shown, { labels: ['bug', 'mine'] })).toBe(true);
  expect(server.task?.labels).toEqual(['bug', 'mine', 'urgent']);
  expect(await actions().patch(shown, { assignees: [] })).toBe(true);
  expect(server.task?.assignees).toEqual(['bob']);
});

test('after a lost answer, a label that was saved isn’t taken for somebody else’s change', async () => {
  server.onTheWay.push(() => {
    changedByColleague({ labels: ['bug', 'mine', 'urgent'] });
    throw new ApiProblem({ status: 0 });
  });
  expect(await actions().patch(shown, { labels: ['bug', 'mine'] })).toBe(true);
  expect(server.task?.labels).toEqual(['bug', 'mine', 'urgent']);
});

test('what is chosen for several tasks takes no label of a colleague’s either', async () => {
  changedByColleague({ labels: ['urgent'] });
  await patchAll(actions(), [shown], () => ({ labels: ['bug', 'mine'] }));
  expect(server.task?.labels).toEqual(['mine', 'urgent']);
});

test('a change of one value needs no version', async () => {
  changedByColleague({ title: 'Theirs' });
  expect(await actions().patch(shown, { priority: 'high' })).toBe(true);
  expect(server.task).toMatchObject({ title: 'Theirs', priority: 'high' });
  expect(server.patches).toHaveLength(1);
});

test('a drop beside tasks that were just deleted keeps as much of the move as it can', async () => {
  const [after, before] = [aTask({ id: 'above' }), aTask({ id: 'below' })];
  server.deleted = ['above'];
  expect(await actions().move(shown, { status: 'blocked', after, before })).toBe(true);
  expect(server.moves.at(-1)).toEqual({ status: 'blocked', before: 'below' });
  server.deleted = ['above', 'below'];
  expect(await actions().move(shown, { status: 'completed', after, before })).toBe(true);
  expect(server.moves.at(-1)).toEqual({ status: 'completed' });
});

test('a place in the same column that is gone is refused in the page’s words', async () => {
  server.deleted = ['above'];
  expect(await actions().move(shown, { status: 'pending', after: aTask({ id: 'above' }) })).toBe(false);
  expect(toasts.get().at(-1)?.detail).toBe('The tasks beside it no longer exist.');
});

describe('after a reload', () => {
  interface Held {
    kind: string;
    args: object;
    isSent?: boolean;
  }
  const replayed = (...all: Held[]) => {
    replay(client, all.map(({ kind, args, isSent = false }) => ({ change: { kind, args: { team: 'ops', ...args } }, isSent })));
    return vi.waitFor(() => expect(pending.get()).toEqual([]));
  };
  const place = (id: string): Place => ({ status: 'pending', after: aTask({ id }) });

  test('each of several moves of one card is sent that wasn’t before', async () => {
    await replayed(
      { kind: 'move', args: { task: shown, place: place('a') } },
      { kind: 'move', args: { task: { ...shown, position: 'made here' }, place: place('b') } },
    );
    expect(server.moves).toEqual([{ after: 'a' }, { after: 'b' }]);
  });

  test('a move that was saved isn’t sent again', async () => {
    changedByColleague({ position: 'moved' });
    await replayed({ kind: 'move', args: { task: shown, place: place('a') }, isSent: true });
    expect(server.moves).toEqual([]);
  });

  test('what somebody has changed meanwhile isn’t deleted, and what the user has changed is', async () => {
    changedByColleague({ title: 'Needed after all' });
    await replayed({ kind: 'remove', args: { task: shown } });
    expect(toasts.get().at(-1)?.detail).toBe('Someone has changed it since, so it is kept.');
    const seen = { ...shown, title: 'Needed after all' };
    await replayed(
      { kind: 'patch', args: { task: seen, fields: { priority: 'low' } } },
      { kind: 'remove', args: { task: { ...seen, priority: 'low' } } },
    );
    expect(server.task).toBeUndefined();
  });
});

describe('offline, while the page stays open', () => {
  let online = false;
  const go = (isOnline: boolean) => {
    online = isOnline;
    dispatchEvent(new Event(isOnline ? 'online' : 'offline'));
  };
  beforeEach(() => {
    vi.spyOn(navigator, 'onLine', 'get').mockImplementation(() => online);
    toasts.set([]);
    go(false);
  });
  afterEach(() => vi.restoreAllMocks());

  test('what a colleague has changed meanwhile isn’t deleted, and that is said', async () => {
    const removed = actions().remove(shown);
    changedByColleague({ description: 'Needed after all' });
    go(true);
    expect(await removed).toBe(false);
    expect(server.task?.description).toBe('Needed after all');
    expect(toasts.get().at(-1)).toMatchObject({
      text: 'Couldn’t delete OPS-1',
      detail: 'Someone has changed it since, so it is kept.',
    });
  });

  test('of several tasks, those that a colleague has changed are kept', async () => {
    const removed = removeAll(actions(), [shown]);
    changedByColleague({ due_at: '2026-12-24T00:00:00Z' });
    go(true);
    await removed;
    expect(server.task).toBeDefined();
    expect(toasts.get().at(-1)).toMatchObject({
      text: 'Couldn’t delete 1 of 1 tasks: OPS-1',
      detail: 'Someone else changed it in the meantime.',
    });
  });

  test('all of many changes are held, and counted, though few are sent at once', async () => {
    const many = Array.from({ length: 10 }, (_, n) => aTask({ id: `t${n}`, number: n + 1 }));
    const changed = patchAll(actions(), many, () => ({ priority: 'low' }));
    expect(unsavedWork().changes).toEqual(many.map(({ key }) => key));
    expect(toasts.get().at(-1)?.text).toBe('You are offline. 10 changes are waiting.');
    go(true);
    await changed;
    expect(unsavedWork().changes).toEqual([]);
    expect(server.patches).toHaveLength(10);
  });

  test('what the user has changed themselves, or nobody, is deleted', async () => {
    const changed = actions().patch(shown, { priority: 'low', labels: ['bug', 'mine'] });
    const removed = actions().remove({ ...shown, priority: 'low', labels: ['mine', 'bug'] });
    go(true);
    expect(await changed).toBe(true);
    expect(await removed).toBe(true);
    expect(server.task).toBeUndefined();
  });

  test('what a colleague has deleted, too, is gone', async () => {
    const removed = actions().remove(shown);
    server.task = undefined;
    go(true);
    expect(await removed).toBe(true);
  });
});

describe('undoing a creation', () => {
  const said = () => toasts.get().at(-1);

  test('deletes also what its author has changed since', async () => {
    server.actors = ['ann', 'ann'];
    await actions().patch(shown, { priority: 'low' });
    await undoCreate(client, 'ops', shown);
    expect(server.task).toBeUndefined();
    expect(said()?.text).toBe('OPS-1 deleted');
  });

  test.each([true, false])('keeps what somebody else has changed; the page knows of it: %s', async (isKnown) => {
    server.actors = ['ann', 'bob'];
    changedByColleague({ title: 'Needed after all' });
    if (isKnown && server.task) tasksOf(client, 'ops').keep(server.task);
    await undoCreate(client, 'ops', shown);
    expect(server.task?.title).toBe('Needed after all');
    expect(said()?.detail).toBe('Someone has changed it since, so it is kept.');
  });

  test('says that somebody else was faster', async () => {
    tasksOf(client, 'ops').drop({ ...shown, version: 2 });
    await undoCreate(client, 'ops', shown);
    expect(said()?.text).toBe('OPS-1 is already deleted');
  });

  test('waits for the network', async () => {
    const onLine = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
    const undone = undoCreate(client, 'ops', shown);
    await vi.waitFor(() => expect(unsavedWork().changes).toEqual(['OPS-1']));
    onLine.mockRestore();
    dispatchEvent(new Event('online'));
    await undone;
    expect(server.task).toBeUndefined();
  });
});

test('what waited for a new session is compared as what waited offline is', async () => {
  const [changed, removed] = [actions().patch(shown, { priority: 'low' }), actions().remove(shown)];
  session.set({ phase: 'out', expired: true });
  await vi.waitFor(() => expect(toasts.get().at(-1)?.text).toContain('sign in again'));
  changedByColleague({ priority: 'high' });
  session.set({ phase: 'in', user: aUser() });
  expect(await changed).toBe(false);
  expect(await removed).toBe(false);
  expect(server.task?.priority).toBe('high');
});
