import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NO_FILTERS, type Filters } from '../list/filters.ts';
import { Server, server } from './server.fixture.ts';
import { TeamTasks } from './team-tasks.ts';
import type { WindowSpec } from './window.ts';

vi.mock('./read.ts', () => import('./server.fixture.ts'));

beforeEach(() => {
  vi.useFakeTimers();
  server.now = new Server();
});
afterEach(() => vi.useRealTimers());

describe('counts of due dates', () => {
  it('are right for each status where a due date means another thing for what is done, and unsaid where that can’t be', async () => {
    const today = new Date().toISOString();
    const before = new Date(Date.now() - 40 * 86_400_000).toISOString();
    server.now.fill(100, (n) => ({ status: 'pending', due_at: n % 2 === 0 ? today : before }));
    server.now.fill(160, (n) => ({ status: 'completed', due_at: n % 2 === 0 ? today : before }));
    const filters: Filters = { ...NO_FILTERS, due: ['overdue', 'today'] };
    const open: WindowSpec = { filters, status: 'pending', order: 'position' };
    const done: WindowSpec = { ...open, status: 'completed' };
    const all: WindowSpec = { filters, order: 'position' };
    const tasks = new TeamTasks('ops');
    for (const spec of [open, done, all]) {
      tasks.windows.watch(spec);
      tasks.tallies.watch(spec);
    }
    await vi.advanceTimersByTimeAsync(250);
    const applied = await tasks.revision();
    expect(tasks.window(open)).toMatchObject({ total: 100, isComplete: false });
    expect(tasks.window(done)).toMatchObject({ total: 80, isComplete: false });
    expect(tasks.window(all)).toMatchObject({ total: undefined, isComplete: false });
    server.now.create({ status: 'completed', due_at: today });
    server.now.create({ status: 'completed', due_at: before });
    tasks.apply(server.now.since(applied));
    expect(tasks.window(done).total).toBe(81);
  });
});
