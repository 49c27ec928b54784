import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { oneAtATime, withLease } from './lock.ts';

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
});
afterEach(() => vi.useRealTimers());

/** Work that takes `ms`, and how many do it at the same time. */
function counting(ms: number) {
  let now = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++now);
    await new Promise((resolve) => setTimeout(resolve, ms));
    now--;
  };
  return { work, most: () => most };
}

test('without locks, tabs take turns', async () => {
  const { work, most } = counting(300);
  const all = Promise.all([withLease(work), withLease(work), withLease(work)]);
  await vi.advanceTimersByTimeAsync(20_000);
  await all;
  expect(most()).toBe(1);
  expect(localStorage).toHaveLength(0);
});

test('a tab that failed or crashed doesn’t keep the others waiting', async () => {
  await Promise.all([
    expect(withLease(() => Promise.reject(new Error('no')))).rejects.toThrow('no'),
    vi.advanceTimersByTimeAsync(100),
  ]);
  localStorage.setItem('taskhub-session-lease', `crashed ${Date.now() + 5_000}`);
  const done = withLease(() => Promise.resolve('done'));
  await vi.advanceTimersByTimeAsync(5_100);
  expect(await done).toBe('done');
});

test('without storage the work is done all the same', async () => {
  vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
    throw new DOMException('full', 'QuotaExceededError');
  });
  expect(await oneAtATime(() => Promise.resolve('done'))).toBe('done');
});
