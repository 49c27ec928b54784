import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiProblem } from '../api/problem.ts';
import { NO_FILTERS } from '../list/filters.ts';
import { aTask } from '../testing.ts';
import { begin } from './pending.ts';
import { Server, server } from './server.fixture.ts';
import { TeamTasks } from './team-tasks.ts';
import type { WindowSpec } from './window.ts';

vi.mock('./read.ts', () => import('./server.fixture.ts'));

const PENDING: WindowSpec = { filters: NO_FILTERS, status: 'pending', order: 'position' };
const settled = () => vi.advanceTimersByTimeAsync(250);

let tasks: TeamTasks;
let applied = 0;

/** Applies what has happened on the server since the last time, as the stream does. */
function live(): void {
  tasks.apply(server.now.since(applied));
  applied = server.now.revision;
}

async function opened(spec: WindowSpec = PENDING): Promise<() => void> {
  const stop = tasks.windows.watch(spec);
  const stopCounting = tasks.tallies.watch(spec);
  await settled();
  applied = await tasks.revision();
  await settled();
  return () => [stop, stopCounting].forEach((end) => end());
}

const numbers = (spec: WindowSpec = PENDING) => tasks.window(spec).tasks.map(({ number }) => number);
const wholeList = (spec: WindowSpec = PENDING) =>
  server.now.list({ ...(spec.status !== undefined && { status: spec.status }), sort: spec.order }).map(({ number }) => number);

beforeEach(() => {
  vi.useFakeTimers();
  server.now = new Server();
  tasks = new TeamTasks('ops');
  applied = 0;
});
afterEach(() => vi.useRealTimers());

describe('a window', () => {
  it('reads one page, tells how many there are, and reads on when asked to', async () => {
    server.now.fill(200);
    await opened();
    expect(tasks.window(PENDING)).toMatchObject({ total: 200, isComplete: false, isPending: false });
    expect(numbers()).toEqual(wholeList().slice(0, 50));
    tasks.windows.loadMore(PENDING);
    await settled();
    expect(numbers()).toEqual(wholeList().slice(0, 150));
    tasks.windows.loadMore(PENDING);
    await settled();
    expect(tasks.window(PENDING)).toMatchObject({ total: 200, isComplete: true });
    expect(numbers()).toEqual(wholeList());
    expect(server.now.reads).toHaveLength(3);
  });

  it('shows nothing from beyond its boundary, though it is held', async () => {
    server.now.fill(200);
    await opened();
    server.now.change('task-180', { title: 'Changed' });
    live();
    expect(tasks.get(180)?.title).toBe('Changed');
    expect(numbers()).toEqual(wholeList().slice(0, 50));
  });

  it('reads on by itself when it has shrunk', async () => {
    server.now.fill(200);
    await opened();
    for (let n = 1; n <= 30; n++) server.now.change(`task-${n}`, { status: 'blocked' });
    live();
    expect(numbers()).toHaveLength(20);
    await settled();
    expect(numbers().slice(0, 50)).toEqual(wholeList().slice(0, 50));
    expect(tasks.window(PENDING).total).toBe(170);
  });

  it('doesn’t show a task that was deleted while its page was on the way', async () => {
    server.now.fill(80);
    await opened();
    let open = (): void => undefined;
    server.now.gate = new Promise((resolve) => {
      open = resolve;
    });
    tasks.windows.loadMore(PENDING);
    await settled();
    server.now.remove('task-60');
    server.now.change('task-70', { title: 'Newer' });
    live();
    open();
    await settled();
    expect(numbers()).toEqual(wholeList());
    expect(tasks.get(70)?.title).toBe('Newer');
  });

  it('needs no server when all tasks of its status are held', async () => {
    server.now.fill(30, (n) => ({ title: n % 2 ? 'Odd' : 'Even' }));
    await opened();
    const { length } = server.now.reads;
    const odd = { ...PENDING, filters: { ...NO_FILTERS, text: 'odd' } };
    await opened(odd);
    expect(tasks.window(odd)).toMatchObject({ total: 15, isComplete: true, isPending: false });
    const due: WindowSpec = { ...PENDING, order: 'due' };
    await opened(due);
    expect(numbers(due)).toEqual(wholeList(due));
    expect(server.now.reads).toHaveLength(length);
  });

  it('searches on the server when typing pauses, and shows meanwhile what it has', async () => {
    server.now.fill(200, (n) => ({ title: n % 10 === 0 ? 'Tenth' : 'Other' }));
    await opened();
    const { length } = server.now.reads;
    for (const text of ['t', 'te', 'ten', 'tent', 'tenth']) {
      const stop = tasks.windows.watch({ ...PENDING, filters: { ...NO_FILTERS, text } });
      await vi.advanceTimersByTimeAsync(30);
      if (text !== 'tenth') stop();
    }
    const spec = { ...PENDING, filters: { ...NO_FILTERS, text: 'tenth' } };
    expect(tasks.window(spec)).toMatchObject({ isPending: true });
    expect(tasks.window(spec).tasks).toHaveLength(5);
    await settled();
    expect(server.now.reads).toHaveLength(length + 1);
    expect(tasks.window(spec)).toMatchObject({ isPending: false, isComplete: true, total: 20 });
  });

  it('says what failed, and reads it again', async () => {
    server.now.fill(3);
    server.now.fails = new ApiProblem({ status: 500 });
    const stop = tasks.windows.watch(PENDING);
    await settled();
    expect(tasks.window(PENDING).error).toBe(server.now.fails);
    server.now.fails = null;
    tasks.retry();
    await settled();
    expect(tasks.window(PENDING)).toMatchObject({ error: null, isComplete: true });
    stop();
  });

  it('keeps its objects while nothing in it changes', async () => {
    server.now.fill(200, (n) => ({ status: n < 150 ? 'pending' : 'blocked' }));
    await opened();
    const before = tasks.window(PENDING);
    server.now.change('task-160', { title: 'Elsewhere' });
    live();
    expect(tasks.window(PENDING).tasks).toBe(before.tasks);
  });
});

describe('what the user has done', () => {
  it('is shown and counted at once, and once', async () => {
    server.now.fill(200);
    await opened();
    const [first] = tasks.window(PENDING).tasks;
    const settle = begin('ops', { kind: 'set', task: first?.id ?? '', fields: { status: 'blocked' } });
    expect(tasks.window(PENDING)).toMatchObject({ total: 199 });
    expect(numbers()).not.toContain(first?.number);
    const saved = server.now.change(first?.id ?? '', { status: 'blocked' });
    tasks.keep(saved);
    settle();
    expect(tasks.window(PENDING).total).toBe(199);
    live();
    expect(tasks.window(PENDING).total).toBe(199);
    tasks.drop(saved);
    server.now.remove(saved.id);
    live();
    expect(tasks.window(PENDING).total).toBe(199);
  });

  it('stays in sight at the end of a window, and under a filter', async () => {
    server.now.fill(200);
    await opened();
    const [last] = tasks.window(PENDING).tasks.slice(-1);
    const moved = server.now.change('task-1', { position: `${last?.position ?? ''}5` });
    tasks.keep(moved);
    live();
    expect(numbers().at(-1)).toBe(1);

    const mine: WindowSpec = { ...PENDING, filters: { ...NO_FILTERS, assignees: ['alice'] } };
    tasks.filterBy(mine.filters);
    await opened(mine);
    const draft = aTask({ number: 999, id: 'draft', title: 'Made', version: 0, position: '!' });
    const settle = begin('ops', { kind: 'add', task: draft });
    expect([...tasks.window(mine).kept]).toEqual(['draft']);
    const made = server.now.create({ title: 'Made' });
    tasks.keep(made, 'made');
    settle();
    live();
    expect(tasks.window(mine).tasks).toEqual([made]);
    expect([...tasks.window(mine).kept]).toEqual([made.id]);
    expect(tasks.window(mine).total).toBe(0);
    tasks.filterBy(NO_FILTERS);
    expect(tasks.window(mine).tasks).toEqual([]);
  });
});

describe('a team that nobody looks at', () => {
  it('holds nothing of an answer that comes after it was left, which nothing would keep up to date', async () => {
    server.now.fill(3);
    const [late] = server.now.list({});
    if (late === undefined) throw new Error('no task');
    tasks.keep(late);
    server.now.remove(late.id);
    await opened();
    expect(numbers()).toEqual(wholeList());
    expect(tasks.get(late.id)).toBeUndefined();
  });
});

describe('reading everything anew', () => {
  it('keeps in sight what was shown until its successor is there, as far as it was read', async () => {
    server.now.fill(200);
    await opened();
    tasks.windows.loadMore(PENDING);
    await settled();
    server.now = new Server();
    server.now.fill(120, (n) => ({ title: `Restored ${n}` }));
    const revision = tasks.renew();
    expect(numbers()).toHaveLength(150);
    await settled();
    expect(await revision).toBe(120);
    await settled();
    expect(numbers()).toEqual(wholeList());
    expect(tasks.get(1)?.title).toBe('Restored 0');
    expect(tasks.get(150)).toBeUndefined();
  });
});

describe('counts', () => {
  it('are those of the restored log, without what came in the one before', async () => {
    server.now.fill(100);
    await opened();
    for (let n = 0; n < 50; n++) server.now.create();
    live();
    expect(tasks.window(PENDING).total).toBe(150);
    server.now = new Server();
    server.now.fill(90);
    await tasks.renew();
    await settled();
    expect(tasks.window(PENDING).total).toBe(90);
  });

  it('are asked for again after a failure when the connection is back', async () => {
    server.now.fill(100);
    vi.spyOn(server.now, 'readCounts').mockRejectedValueOnce(new ApiProblem({ status: 503 }));
    await opened();
    expect(tasks.window(PENDING).total).toBeUndefined();
    tasks.retry();
    await settled();
    expect(tasks.window(PENDING).total).toBe(100);
  });

  it('don’t go back with an answer that an event has overtaken', async () => {
    server.now.fill(100);
    await opened();
    const answer = server.now.change('task-1', { title: 'Mine' });
    server.now.change('task-1', { status: 'blocked' });
    live();
    tasks.keep(answer);
    expect(tasks.window(PENDING).total).toBe(99);
  });
});

describe('a single task', () => {
  it('is read by itself, and kept up to date', async () => {
    server.now.fill(200);
    const stop = tasks.singles.watch(180);
    expect(tasks.task(180)).toMatchObject({ task: undefined, isPending: true, isGone: false });
    await settled();
    expect(tasks.task(180).task?.number).toBe(180);
    await opened();
    server.now.change('task-180', { title: 'Changed' });
    live();
    expect(tasks.task(180).task?.title).toBe('Changed');
    server.now.remove('task-180');
    live();
    expect(tasks.task(180)).toMatchObject({ task: undefined, isGone: true });
    stop();
  });

  it('is gone if there is none, and an error if it can’t be read', async () => {
    tasks.singles.watch(4);
    await settled();
    expect(tasks.task(4)).toMatchObject({ isGone: true, isPending: false });
    expect(tasks.task(0)).toMatchObject({ isGone: true });
    server.now.fails = new ApiProblem({ status: 500 });
    tasks.singles.watch(5);
    await settled();
    expect(tasks.task(5)).toMatchObject({ isGone: false, isPending: false, error: server.now.fails });
  });
});
