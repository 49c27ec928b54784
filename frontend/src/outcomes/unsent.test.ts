import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { anAnswer, aUser } from '../testing.ts';

const authorisedFetch = vi.hoisted(() => vi.fn<(request: Request) => Promise<Response>>());
vi.mock('../api/client.ts', async (original) => ({ ...(await original<object>()), authorisedFetch }));

const HOUR_MS = 3_600_000;
const from = { scope: 'comment:1', draft: { text: 'A long comment' } };
const making = { path: '/api/v1/teams/ops/tasks/1/comments', body: { body: 'A long comment' }, what: 'Your comment', kind: 'comment', from } as const;
const keys = () => authorisedFetch.mock.calls.map(([request]) => request.headers.get('Idempotency-Key'));
const silence = () => new Promise<Response>(() => undefined);

let online = true;
function go(isOnline: boolean) {
  online = isOnline;
  dispatchEvent(new Event(isOnline ? 'online' : 'offline'));
}

let leavePage = (): void => undefined;
const pages: (() => void)[] = [];

/** The modules of a page that has just been loaded; the one before is left. */
async function page() {
  leavePage();
  vi.resetModules();
  const { session } = await import('../auth/session.ts');
  session.set({ phase: 'in', user: aUser() });
  leavePage = () => {
    dispatchEvent(new Event('pagehide'));
    end();
  };
  // Nothing of it goes on.
  const end = () => session.set({ phase: 'in', user: aUser({ id: 'nobody' }) });
  pages.push(end);
  const { create } = await import('./create.ts');
  const { resumeUnsent } = await import('./resume.ts');
  const { drafts } = await import('../drafts/drafts.ts');
  const { toasts } = await import('../ui/toasts.ts');
  return { create: () => create({ ...making, holds: true }), resume: () => resumeUnsent(new QueryClient()), drafts, toasts };
}

/** The page that is opened after the weekend, with a network. */
async function pageAfterTheWeekend() {
  vi.setSystemTime(Date.now() + 60 * HOUR_MS);
  authorisedFetch.mockReset().mockImplementation(() => anAnswer(201, { id: '1' }));
  const next = await page();
  go(true);
  next.resume();
  await vi.advanceTimersByTimeAsync(1_000);
  return next;
}

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-06T10:00:00Z') });
  vi.spyOn(navigator, 'onLine', 'get').mockImplementation(() => online);
  online = true;
  localStorage.clear();
  authorisedFetch.mockReset();
});
afterEach(() => {
  for (const end of pages.splice(0)) end();
  leavePage = () => undefined;
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test('what never left the page is sent, however much later', async () => {
  const first = await page();
  go(false);
  void first.create();
  await vi.advanceTimersByTimeAsync(1_000);
  const { drafts } = await pageAfterTheWeekend();
  expect(keys()).toHaveLength(1);
  expect(drafts.get().size).toBe(0);
});

test('what waited is sent at once after the clock was set back', async () => {
  vi.setSystemTime(Date.now() + 5 * HOUR_MS);
  const first = await page();
  go(false);
  void first.create();
  await vi.advanceTimersByTimeAsync(1_000);
  leavePage();
  vi.setSystemTime(Date.now() - 5 * HOUR_MS);
  authorisedFetch.mockReset().mockImplementation(() => anAnswer(201, { id: '1' }));
  const { drafts, resume } = await page();
  go(true);
  resume();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(keys()).toHaveLength(1);
  expect(drafts.get().size).toBe(0);
});

test('what the server is known not to have saved is sent, too', async () => {
  authorisedFetch.mockImplementationOnce(() => anAnswer(429, {})).mockImplementation(silence);
  const first = await page();
  void first.create();
  await vi.advanceTimersByTimeAsync(1);
  await pageAfterTheWeekend();
  expect(keys()).toHaveLength(1);
});

test('what may have been saved under a key that the server has forgotten is given back, and that is said', async () => {
  authorisedFetch.mockImplementation(silence);
  const first = await page();
  void first.create();
  await vi.advanceTimersByTimeAsync(1_000);
  const [key] = keys();
  const { drafts, toasts } = await pageAfterTheWeekend();
  expect(keys()).toEqual([]);
  expect([...drafts.get()]).toEqual([[from.scope, { text: 'A long comment' }]]);
  expect(toasts.get()).toMatchObject([{ kind: 'unknown', text: 'No answer about Your comment', stays: true }]);
  expect(toasts.get()[0]?.detail).toContain('Check before you try again.');
  toasts.get()[0]?.actions?.[0]?.run();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(keys()).toHaveLength(1);
  expect(keys()).not.toContain(key);
  expect(drafts.get().size).toBe(0);
});

test('a page that stays open doesn’t ask with a forgotten key either', async () => {
  authorisedFetch.mockImplementation(() => {
    go(false);
    return Promise.reject(new TypeError('lost'));
  });
  const { create, drafts } = await page();
  const result = create();
  await vi.advanceTimersByTimeAsync(30 * HOUR_MS);
  go(true);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(await result).toMatchObject({ kind: 'unknown' });
  expect(keys()).toHaveLength(1);
  expect([...drafts.get()]).toEqual([[from.scope, { text: 'A long comment' }]]);
});

test('a key is as old as the first request, however often the page was loaded since', async () => {
  authorisedFetch.mockImplementation(silence);
  void (await page()).create();
  await vi.advanceTimersByTimeAsync(12 * HOUR_MS);
  (await page()).resume();
  await vi.advanceTimersByTimeAsync(12 * HOUR_MS);
  expect(new Set(keys()).size).toBe(1);
  authorisedFetch.mockReset();
  (await page()).resume();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(keys()).toEqual([]);
});

test('a duplicated tab leaves alone what the first is sending', async () => {
  authorisedFetch.mockImplementation(silence);
  const first = await page();
  void first.create();
  await vi.advanceTimersByTimeAsync(1_000);
  // The copy has the same sessionStorage, and the first page goes on.
  leavePage = () => undefined;
  const copy = await page();
  copy.resume();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(keys()).toHaveLength(1);
});

describe('in another tab that is open', () => {
  /** The storage as the other tab has left it, seen by an event. */
  const tellOthers = () => {
    for (const key of Object.keys(localStorage)) {
      dispatchEvent(new StorageEvent('storage', { key, newValue: localStorage.getItem(key) }));
    }
  };
  /** A tab that is open, and one that has begun to send a comment; gives how the latter is closed, and what the first sends. */
  async function twoTabs() {
    const open = await page();
    open.resume();
    leavePage = () => undefined;
    authorisedFetch.mockImplementation(silence);
    const other = await page();
    other.resume();
    void other.create();
    await vi.advanceTimersByTimeAsync(1_000);
    tellOthers();
    const close = leavePage;
    leavePage = () => undefined;
    return { close, other };
  }

  test('what a closed tab has left is sent, a moment later', async () => {
    const { close } = await twoTabs();
    close();
    tellOthers();
    await vi.advanceTimersByTimeAsync(4_000);
    expect(keys()).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(keys().length).toBeGreaterThan(1);
    expect(new Set(keys()).size).toBe(1);
  });

  test('what a tab is sending that is still open is left alone', async () => {
    authorisedFetch.mockImplementation(silence);
    await twoTabs();
    for (let n = 0; n < 20; n++) {
      await vi.advanceTimersByTimeAsync(30_000);
      tellOthers();
    }
    expect(keys()).toHaveLength(1);
  });

  test('what a tab was sending that ended without a word is sent', async () => {
    const { other } = await twoTabs();
    // It was killed: it says no more that it is there.
    const kept = [...other.drafts.get()].find(([scope]) => scope.startsWith('unsent:'));
    other.drafts.set(new Map());
    expect(kept).toBeDefined();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(keys()).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(keys().length).toBeGreaterThan(1);
    expect(new Set(keys()).size).toBe(1);
  });
});
