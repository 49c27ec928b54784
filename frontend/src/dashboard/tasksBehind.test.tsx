import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Stats, Task } from '../api/types.ts';
import { applyEvents } from '../live/apply.ts';
import { labelsKey, peopleKey } from '../task/queries.ts';
import { tasksOf } from '../task/team-tasks.ts';
import { anEvent, aTask } from '../testing.ts';
import Dashboard from './Dashboard.tsx';
import { TasksBehind } from './TasksBehind.tsx';

const server = vi.hoisted(() => ({ tasks: [] as Task[], days: [] as Stats['days'], lists: 0, stats: 0 }));
vi.mock('../api/client.ts', async (original) => ({
  ...(await original<object>()),
  unwrap: (answer: unknown) => answer,
  api: {
    GET: (path: string, { params }: { params: { query: { cursor?: string; limit: number } } }) => {
      if (path.endsWith('/stats')) {
        server.stats++;
        const open = { pending: 0, in_progress: 0, blocked: 0 };
        return Promise.resolve({ days: server.days, open_by_status: open, open_by_assignee: [] });
      }
      if (!path.endsWith('/tasks')) return new Promise(() => undefined);
      server.lists++;
      const { cursor, limit } = params.query;
      const from = Number(cursor ?? 0);
      const next = from + limit;
      const items = server.tasks.slice(from, next);
      return Promise.resolve({ items, next_cursor: next < server.tasks.length ? String(next) : null });
    },
  },
}));
vi.mock('./Chart.tsx', () => ({ default: () => null }));
Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

const TODAY = '2026-11-26';
const LONG_AGO = '2026-09-01';
let client: QueryClient;
let root: Root;

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-26T12:00:00Z') });
  history.replaceState(null, '', `/t/ops/dashboard/created?days=90&day=${LONG_AGO}`);
  Object.assign(server, { lists: 0, stats: 0 });
  server.tasks = Array.from({ length: 3_000 }, (_, n) => aTask({ number: 3_001 - n, created_at: `${TODAY}T10:00:00Z` }));
  server.tasks.push(aTask({ number: 1, title: 'Long ago', created_at: `${LONG_AGO}T10:00:00Z` }));
  server.days = [
    { date: LONG_AGO, created: 1, completed: 0 },
    { date: TODAY, created: 3_000, completed: 0 },
  ];
  client = new QueryClient();
  client.setQueryData(labelsKey('ops'), []);
  client.setQueryData(peopleKey('ops'), []);
});

afterEach(() => {
  act(() => root.unmount());
  document.body.replaceChildren();
  vi.useRealTimers();
});

const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

/** Each answer is drawn, and what is drawn asks for the next. */
async function settle(): Promise<void> {
  for (let n = 0; n < 30; n++) await pass(10);
}

async function draw(what = <TasksBehind team="ops" kind="created" days={90} />): Promise<void> {
  root = createRoot(document.body.appendChild(document.createElement('div')));
  act(() => root.render(<QueryClientProvider client={client}>{what}</QueryClientProvider>));
  await settle();
}

test('a day long ago is looked for in so many pages, and further when asked', async () => {
  await draw();
  expect(server.lists).toBe(5);
  expect(document.body.textContent).toContain('Searched the newest 1,000 tasks.');
  for (let more = 0; more < 3; more++) {
    act(() => document.querySelector('button')?.click());
    await settle();
  }
  expect(server.lists).toBe(16);
  expect(document.body.textContent).toContain('Long ago');
  expect(document.querySelector('button')).toBeNull();
});

test('events change what is shown without reading the list again', async () => {
  server.tasks = server.tasks.slice(-1);
  await draw();
  const [task] = server.tasks;
  if (task === undefined) throw new Error('There is a task.');
  for (let version = 2; version < 20; version++) {
    act(() => applyEvents(client, 'ops', [anEvent(version, 'task.updated', { ...task, version, title: `Title ${version}` })], 'ann'));
    await pass(100);
  }
  await pass(2_000);
  expect(document.body.textContent).toContain('Title 19');
  expect(server.lists).toBe(1);
  expect(server.stats).toBeLessThan(5);
  act(() => tasksOf(client, 'ops').drop({ ...task, version: 20 }));
  expect(document.body.textContent).not.toContain('Title 19');
});

test('a task that is added to the day is read', async () => {
  server.tasks = server.tasks.slice(-1);
  await draw();
  const added = aTask({ number: 2, title: 'Added', created_at: `${LONG_AGO}T11:00:00Z` });
  server.tasks.unshift(added);
  server.days = [{ date: LONG_AGO, created: 2, completed: 0 }];
  act(() => applyEvents(client, 'ops', [anEvent(1, 'task.created', added)], 'ann'));
  await pass(2_000);
  await settle();
  expect(document.body.textContent).toContain('Added');
});

test('the numbers are those of the new day after midnight', async () => {
  await draw(<Dashboard team="ops" />);
  expect(server.stats).toBe(1);
  await pass(13 * 3_600_000);
  expect(server.stats).toBe(2);
});
