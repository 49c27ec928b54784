import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { NO_FILTERS } from '../list/filters.ts';
import { Server, server } from './server.fixture.ts';
import { useTaskWindow } from './useTasks.ts';

vi.mock('./read.ts', () => import('./server.fixture.ts'));

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
beforeEach(() => vi.useFakeTimers({ now: new Date(2026, 10, 26, 23, 59, 50) }));
afterEach(() => vi.useRealTimers());

const TODAY = { filters: { ...NO_FILTERS, due: ['today' as const] }, order: 'due' as const };

function DueToday() {
  const { tasks, total } = useTaskWindow('ops', TODAY);
  return `${total}: ${tasks.map(({ title }) => title).join()}`;
}

test('what is due today is another day’s after midnight', async () => {
  server.now = new Server();
  for (const day of [26, 27]) server.now.create({ title: `Day ${day}`, due_at: new Date(2026, 10, day, 23, 59).toISOString() });
  const root = createRoot(document.body.appendChild(document.createElement('div')));
  const wait = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));
  act(() =>
    root.render(
      <QueryClientProvider client={new QueryClient()}>
        <DueToday />
      </QueryClientProvider>,
    ),
  );
  await wait(500);
  expect(document.body.textContent).toBe('1: Day 26');
  await wait(15_000);
  expect(document.body.textContent).toBe('1: Day 27');
  expect(new Set(server.now.reads.map(({ due_from }) => due_from))).toEqual(
    new Set([26, 27].map((day) => new Date(2026, 10, day).toISOString())),
  );
  act(() => root.unmount());
});
