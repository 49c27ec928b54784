import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiProblem } from '../api/problem.ts';
import { aTask, anEvent } from '../testing.ts';
import { happen, log, othersAre } from './stream.fixture.ts';
import { follow, type Follow, type LiveState } from './stream.ts';

vi.mock('../api/client.ts', async () => (await import('./stream.fixture.ts')).client);
vi.mock('../auth/session.ts', () => ({ refreshSession: () => Promise.resolve(String(++log.refreshes)) }));
vi.mock('../ui/channel.ts', async () => (await import('./stream.fixture.ts')).channels);

let stop: AbortController;
let got: number[];
let states: LiveState[];
let reloads: string[];
let members: number;
let gone: number;

function start(since: number, options: Partial<Follow> = {}): Promise<void> {
  return follow({
    team: 'ops',
    since,
    onEvents: (events) => got.push(...events.map(({ revision }) => revision)),
    onState: (state) => states.push(state),
    onMembers: () => members++,
    onReload: (why) => {
      reloads.push(why);
      return Promise.resolve(log.events.length);
    },
    onGone: () => gone++,
    signal: stop.signal,
    ...options,
  });
}

const passes = (ms: number) => vi.advanceTimersByTimeAsync(ms);

function setVisibility(state: DocumentVisibilityState): void {
  Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] });
  Object.assign(log, { events: [], refreshes: 0, streams: [], changes: 0, streamStatus: 200, changesStatus: 200 });
  stop = new AbortController();
  [got, states, reloads, members, gone] = [[], [], [], 0, 0];
});
afterEach(() => {
  stop.abort();
  setVisibility('visible');
  vi.useRealTimers();
});

describe('the live stream', () => {
  it('delivers each event once, over cuts', async () => {
    happen(5);
    void start(3);
    await passes(10);
    expect(got).toEqual([4, 5]);
    happen(1);
    await passes(10);
    log.streams.at(-1)?.end();
    happen(0);
    log.events.push(anEvent(7, 'task.updated', aTask()), anEvent(8, 'task.updated', aTask()));
    await passes(1_000);
    happen(1);
    await passes(10);
    expect(got).toEqual([4, 5, 6, 7, 8, 9]);
    expect(reloads).toEqual([]);
    expect(members).toBe(1);
    expect(states).toEqual(['live', 'connecting', 'live']);
  });

  it('catches up on 2,000 events, and has more than that read anew', async () => {
    happen(1);
    void start(1);
    await passes(10);
    log.streams.at(-1)?.end();
    for (let n = 2; n <= 1_500; n++) log.events.push(anEvent(n, 'task.updated', aTask()));
    await passes(1_000);
    expect(got).toHaveLength(1_499);
    expect(reloads).toEqual([]);
    log.streams.at(-1)?.end();
    for (let n = 1_501; n <= 5_500; n++) log.events.push(anEvent(n, 'task.updated', aTask()));
    await passes(1_000);
    expect(reloads).toEqual(['far-behind']);
    happen(1);
    await passes(10);
    expect(got.at(-1)).toBe(5_501);
  });

  it.each(['shorter', 'one shorter', 'as long', 'longer'])('reads everything anew when the log was restored: %s', async (how) => {
    happen(10);
    void start(10);
    await passes(10);
    log.streams.at(-1)?.end();
    log.events = [];
    log.streams = [];
    happen({ shorter: 4, 'one shorter': 9, 'as long': 10, longer: 20 }[how] ?? 0, '-restored');
    await passes(2_000);
    expect(reloads).toEqual(['log-reset']);
    expect(states.at(-1)).toBe('live');
    happen(1, '-restored');
    await passes(10);
    expect(got).toEqual([log.events.length]);
  });

  it('takes the server’s word that the log was reset, and older servers’ 400', async () => {
    happen(3);
    void start(3);
    await passes(10);
    log.streams.at(-1)?.send('event: end\ndata: {"reason": "log_reset"}\n\n');
    await passes(10);
    expect(reloads).toEqual(['log-reset']);
    log.changesStatus = 400;
    log.streams.at(-1)?.end();
    await passes(400);
    log.changesStatus = 200;
    await passes(5_000);
    expect(reloads.length).toBeGreaterThan(1);
    expect(states.at(-1)).toBe('live');
  });

  it('goes on trying when reading anew fails', async () => {
    happen(3);
    let tries = 0;
    const onReload = () => (++tries < 3 ? Promise.reject(new ApiProblem({ status: 503 })) : Promise.resolve(1));
    void start(3, { onReload });
    await passes(10);
    log.streams.at(-1)?.end();
    log.events = log.events.slice(0, 1);
    await passes(20_000);
    expect(tries).toBe(3);
    expect(states.at(-1)).toBe('live');
  });

  it('tells of members, and connects again at once when the token has expired', async () => {
    void start(0);
    await passes(10);
    log.streams.at(-1)?.send('event: members\ndata: {}\n\n');
    await passes(10);
    expect(members).toBe(1);
    log.streams.at(-1)?.send('event: end\ndata: {"reason": "token_expired"}\n\n');
    await passes(10);
    expect(log.streams).toHaveLength(2);
  });

  it('asks for another token when the session was ended, before it connects again', async () => {
    void start(0);
    await passes(10);
    log.streams.at(-1)?.send('event: end\ndata: {"reason": "session_ended"}\n\n');
    await passes(10);
    expect([log.refreshes, log.streams.length]).toEqual([1, 1]);
    await passes(2_000);
    expect(log.streams).toHaveLength(2);
  });

  it.each([
    ['the stream ends', () => log.streams.at(-1)?.send('event: end\ndata: {"reason": "not_a_member"}\n\n')],
    ['the server says so', () => (Object.assign(log, { changesStatus: 404 }), log.streams.at(-1)?.end())],
  ])('leaves a team that one isn’t in any more: %s', async (_, leave) => {
    const over = start(0);
    await passes(10);
    leave();
    await passes(1_000);
    await over;
    expect(gone).toBe(1);
  });

  it('stays in the team when something on the way says that there is nothing', async () => {
    void start(0);
    await passes(10);
    log.isForeign = true;
    log.streams.at(-1)?.end();
    await passes(1_000);
    log.isForeign = false;
    await passes(20_000);
    expect(gone).toBe(0);
    expect(states.at(-1)).toBe('live');
  });

  it('gives a dead connection up, and that of a tab that is hidden for long', async () => {
    void start(0);
    await passes(39_000);
    log.streams.at(-1)?.send(': beat\n\n');
    await passes(39_000);
    expect(log.streams).toHaveLength(1);
    await passes(3_000);
    expect(log.streams).toHaveLength(2);
    setVisibility('hidden');
    await passes(29_000);
    log.streams.at(-1)?.send(': beat\n\n');
    await passes(60_000);
    expect(log.streams).toHaveLength(2);
    log.events.push(anEvent(1, 'task.updated', aTask()));
    setVisibility('visible');
    await passes(1_000);
    expect(log.streams).toHaveLength(3);
    expect(got).toEqual([1]);
  });

  it('asks every 5 s while other tabs have the streams, and goes on with its own where it was', async () => {
    void start(0);
    await passes(10);
    happen(1);
    await passes(10);
    const { length } = log.streams;
    othersAre('used');
    await passes(10);
    expect(states).toEqual(['live', 'asking']);
    log.events.push(anEvent(2, 'task.updated', aTask()));
    await passes(4_900);
    expect([got, log.streams.length]).toEqual([[1], length]);
    await passes(200);
    expect([got, log.streams.length]).toEqual([[1, 2], length]);
    log.events.push(anEvent(3, 'task.updated', aTask()));
    othersAre('closed');
    await passes(10);
    happen(1);
    await passes(10);
    expect(got).toEqual([1, 2, 3, 4]);
    expect(log.streams).toHaveLength(length + 1);
    expect(states.filter((state, at) => state !== states[at - 1])).toEqual(['live', 'asking', 'connecting', 'live']);
    expect(reloads).toEqual([]);
  });

  it('takes its stream back at once when it gets the focus', async () => {
    void start(0);
    othersAre('used');
    await passes(10);
    expect(states.at(-1)).toBe('asking');
    vi.setSystemTime(Date.now() + 2_000);
    dispatchEvent(new Event('focus'));
    await passes(10);
    expect(states.at(-1)).toBe('live');
  });

  it.each([
    ['a restored log', () => (log.events = log.events.slice(0, 1)), () => expect(reloads).toEqual(['log-reset'])],
    ['a team that is gone', () => (log.changesStatus = 404), () => expect(gone).toBe(1)],
    ['an unreachable server', () => (log.changesStatus = 503), () => expect(states.at(-1)).toBe('connecting')],
  ])('notices while it asks: %s', async (_, happens, check) => {
    happen(3);
    void start(3);
    await passes(10);
    othersAre('used');
    await passes(10);
    happens();
    await passes(5_000);
    check();
  });

  it('says that it is offline, and is back as soon as the network is', async () => {
    void start(0);
    await passes(10);
    const onLine = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
    dispatchEvent(new Event('offline'));
    await passes(10);
    expect(states.at(-1)).toBe('offline');
    onLine.mockReturnValue(true);
    dispatchEvent(new Event('online'));
    await passes(10);
    expect(states.at(-1)).toBe('live');
  });
});
