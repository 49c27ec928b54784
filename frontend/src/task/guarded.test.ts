import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ApiProblem } from '../api/problem.ts';
import type { Task } from '../api/types.ts';
import { session } from '../auth/session.ts';
import { getDraft, setDraft } from '../drafts/drafts.ts';
import { aTask, aUser } from '../testing.ts';
import { toasts } from '../ui/toasts.ts';
import { saveOver, tickDescription, type Wanted } from './guarded.ts';
import { replay } from './replay.ts';
import { tasksOf } from './team-tasks.ts';

interface Sent {
  body: Partial<Task>;
  params: { header: { 'If-Match': string } };
}

const server = vi.hoisted(() => ({ task: undefined as unknown as Task, refuses: 0 }));
vi.mock('../api/client.ts', async (original) => ({
  ...(await original<object>()),
  unwrap: (answer: Promise<unknown>) => answer,
  api: {
    GET: () => Promise.resolve(server.task),
    PATCH: (_path: string, { body, params }: Sent) => {
      if (server.refuses > 0) return Promise.reject(new ApiProblem({ status: server.refuses }));
      if (params.header['If-Match'] !== `"${server.task.version}"`) return Promise.reject(new ApiProblem({ status: 412 }));
      server.task = { ...server.task, ...body, version: server.task.version + 1 };
      return Promise.resolve(server.task);
    },
  },
}));

const shown = aTask({ id: 't', title: 'Old', description: 'Old\n\n- [ ] box' });
const scope = 'description:t';
const text = 'Mine';
const wanted: Wanted = { field: 'description', base: { version: 1, text: shown.description }, text, what: 'OPS-1', isQuiet: true };
let client: QueryClient;
let online = true;

function go(isOnline: boolean) {
  online = isOnline;
  dispatchEvent(new Event(isOnline ? 'online' : 'offline'));
}

const said = () => toasts.get().map(({ text: message, actions = [] }) => [message, ...actions.map(({ label }) => label)]);

beforeEach(() => {
  vi.spyOn(navigator, 'onLine', 'get').mockImplementation(() => online);
  go(true);
  session.set({ phase: 'in', user: aUser() });
  toasts.set([]);
  document.body.innerHTML = '';
  setDraft(scope, { text, base: wanted.base });
  client = new QueryClient();
  tasksOf(client, 'ops').take([shown], 1);
  Object.assign(server, { task: shown, refuses: 0 });
});
afterEach(() => vi.restoreAllMocks());

test('a text that a colleague has changed while it waited isn’t saved, and nothing says that it is', async () => {
  go(false);
  const result = saveOver(client, 'ops', shown, wanted);
  server.task = { ...shown, description: 'Theirs', version: 2 };
  go(true);
  expect(await result).toMatchObject({ kind: 'refused', problem: { status: 412 } });
  expect(said()).toEqual([['Couldn’t save OPS-1', 'Open']]);
  expect(tasksOf(client, 'ops').collection.byId.get('t')?.description).toBe('Theirs');
  expect(getDraft(scope)).toEqual({ text, base: wanted.base });
});

test('an editor that is shown has both texts, and needs no message', async () => {
  document.body.innerHTML = `<section data-edits="${scope}"></section>`;
  server.task = { ...shown, description: 'Theirs', version: 2 };
  await saveOver(client, 'ops', shown, { ...wanted, isQuiet: false });
  expect(said()).toEqual([]);
});

test('the same after a reload, and a draft that was lost meanwhile is there again', async () => {
  setDraft(scope, undefined);
  server.task = { ...shown, description: 'Theirs', version: 2 };
  replay(client, [{ change: { kind: 'text', args: { team: 'ops', task: shown, wanted } }, isSent: false }]);
  await vi.waitFor(() => expect(said()).toEqual([['Couldn’t save OPS-1', 'Open']]));
  expect(getDraft(scope)).toEqual({ text, base: wanted.base });
});

test('why a text was refused is said by a message when its editor was closed', async () => {
  server.refuses = 403;
  await saveOver(client, 'ops', shown, wanted);
  expect(said()).toEqual([['Couldn’t save OPS-1', 'Open']]);
});

test('a colleague’s change of another field is no conflict', async () => {
  server.task = { ...shown, title: 'Theirs', version: 2 };
  expect(await saveOver(client, 'ops', shown, wanted)).toMatchObject({ kind: 'saved' });
  expect(server.task).toMatchObject({ title: 'Theirs', description: 'Mine' });
});

test('a box that is gone when the network is back wasn’t ticked, and nothing says that it was', async () => {
  go(false);
  const ticked = tickDescription(client, 'ops', shown, { line: 2, isChecked: true });
  server.task = { ...shown, description: 'No list', version: 2 };
  go(true);
  await ticked;
  expect(said()).toEqual([['Couldn’t save OPS-1']]);
  expect(toasts.get()[0]?.detail).toContain('Nothing was ticked');
});
