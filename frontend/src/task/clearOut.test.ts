import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { NO_FILTERS } from '../list/filters.ts';
import { aTask, anEvent } from '../testing.ts';
import { begin } from './pending.ts';
import { Server, server } from './server.fixture.ts';
import { TeamTasks } from './team-tasks.ts';
import type { WindowSpec } from './window.ts';

vi.mock('./read.ts', () => import('./server.fixture.ts'));

const PENDING: WindowSpec = { filters: NO_FILTERS, status: 'pending', order: 'position' };
const settled = () => vi.advanceTimersByTimeAsync(250);
let tasks: TeamTasks;

/** Changes tasks of the server that no window shows, and lets the page hear of it. */
async function changeHidden(count: number): Promise<void> {
  const from = server.now.revision;
  for (const { id } of [...server.now.tasks.values()].slice(-count)) server.now.change(id, { title: 'Changed' });
  tasks.apply(server.now.since(from));
  await settled();
}

beforeEach(async () => {
  vi.useFakeTimers();
  server.now = new Server();
  server.now.fill(400);
  tasks = new TeamTasks('ops', 20);
  tasks.windows.watch(PENDING);
  await settled();
  await tasks.revision();
  await settled();
});
afterEach(() => vi.useRealTimers());

it('forgets tasks of events that nothing shows, the latest last', async () => {
  const shown = tasks.window(PENDING).tasks;
  await changeHidden(200);
  expect(tasks.collection.byId.size).toBeLessThanOrEqual(shown.length + 2 * 20);
  expect(tasks.get(400)).toBeDefined();
  expect(tasks.get(201)).toBeUndefined();
  expect(tasks.window(PENDING).tasks).toEqual(shown);
});

it('keeps what is shown by itself, is being changed, or was just changed', async () => {
  tasks.singles.watch(301);
  tasks.singles.watch('task-302');
  await settled();
  const end = begin('ops', { kind: 'set', task: 'task-303', fields: { title: 'Mine' } });
  tasks.keep({ ...aTask({ number: 304 }), version: 9 });
  await changeHidden(200);
  await changeHidden(90);
  for (const number of [301, 302, 303, 304]) expect(tasks.get(number)).toBeDefined();
  end();
});

it('shows what it has forgotten as soon as it is scrolled to', async () => {
  await changeHidden(200);
  for (let page = 0; page < 4; page++) {
    tasks.windows.loadMore(PENDING);
    await settled();
  }
  const titles = tasks.window(PENDING).tasks.map(({ title }) => title);
  expect(titles).toHaveLength(400);
  expect(titles.filter((title) => title === 'Changed')).toHaveLength(200);
});

it('forgets nothing while a page is on its way', async () => {
  let open: () => void = () => undefined;
  server.now.gate = new Promise((resolve) => (open = resolve));
  tasks.windows.loadMore(PENDING);
  await settled();
  await changeHidden(200);
  expect(tasks.get(201)).toBeDefined();
  open();
  await settled();
  tasks.apply([anEvent(server.now.revision + 1, 'task.updated', aTask({ number: 1, version: 2 }))]);
  await settled();
  expect(tasks.get(201)).toBeUndefined();
});
