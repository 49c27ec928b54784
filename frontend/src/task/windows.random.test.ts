import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Task } from '../api/types.ts';
import { NO_FILTERS } from '../list/filters.ts';
import { Server, server } from './server.fixture.ts';
import { TeamTasks } from './team-tasks.ts';
import type { WindowSpec } from './window.ts';

vi.mock('./read.ts', () => import('./server.fixture.ts'));

const PENDING: WindowSpec = { filters: NO_FILTERS, status: 'pending', order: 'position' };

beforeEach(() => {
  vi.useFakeTimers();
  server.now = new Server();
});
afterEach(() => vi.useRealTimers());

describe('whatever happens in whatever order', () => {
  /** Small and repeatable (mulberry32). */
  function random(seed: number): () => number {
    let state = seed;
    return () => {
      state = (state + 0x6d2b79f5) | 0;
      let t = Math.imul(state ^ (state >>> 15), 1 | state);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
    };
  }

  // Half of the teams forget at once what nothing shows.
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('a window shows the beginning of the server’s list (%i)', async (seed) => {
    const tasks = seed % 2 === 0 ? new TeamTasks('ops', 5) : new TeamTasks('ops');
    const settled = () => vi.advanceTimersByTimeAsync(250);
    const next = random(seed);
    const pick = <T>(all: readonly T[]): T => all[Math.floor(next() * all.length)] as T;
    server.now.fill(300, () => ({ position: `m${Math.floor(next() * 1e9)}`, priority: pick(['none', 'low', 'urgent']) }));
    const specs: WindowSpec[] = [
      PENDING,
      { ...PENDING, order: 'priority' },
      { ...PENDING, order: 'updated' },
      { ...PENDING, status: 'completed', order: 'completed' },
    ];
    for (const spec of specs) {
      tasks.windows.watch(spec);
      tasks.tallies.watch(spec);
    }
    await settled();
    let applied = await tasks.revision();
    const live = () => {
      tasks.apply(server.now.since(applied));
      applied = server.now.revision;
    };
    for (let step = 0; step < 300; step++) {
      const some = pick([...server.now.tasks.values()]);
      const act = next();
      // Some answers are slow, and describe what was there when they were asked for.
      const delay = next() < 0.5 ? 0 : next() * 400;
      server.now.gate = delay === 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, delay));
      if (act < 0.3) server.now.change(some.id, { status: pick(['pending', 'completed', 'blocked']) });
      else if (act < 0.5) server.now.change(some.id, { position: `m${Math.floor(next() * 1e9)}` });
      else if (act < 0.6) server.now.change(some.id, { priority: pick(['none', 'low', 'urgent'] as Task['priority'][]) });
      else if (act < 0.7) server.now.remove(some.id);
      else if (act < 0.8) server.now.create({ position: `m${Math.floor(next() * 1e9)}` });
      else if (act < 0.9) live();
      else tasks.windows.loadMore(pick(specs));
      if (next() < 0.2) await settled();
    }
    live();
    // The server counts again once it is quiet.
    await vi.advanceTimersByTimeAsync(5_000);
    for (const spec of specs) {
      const shown = tasks.window(spec).tasks.map(({ number }) => number);
      const whole = server.now.list({ status: spec.status ?? '', sort: spec.order }).map(({ number }) => number);
      expect(shown).toEqual(whole.slice(0, shown.length));
      expect(shown.length).toBeGreaterThanOrEqual(Math.min(50, whole.length));
      expect(tasks.window(spec).total).toBe(whole.length);
    }
  });
});
