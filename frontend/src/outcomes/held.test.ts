import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { aUser } from '../testing.ts';

const CHANGE = { kind: 'move', args: { status: 'blocked' } };

/** The modules of a page that has just been loaded. */
async function page(user: string) {
  dispatchEvent(new Event('pagehide'));
  vi.resetModules();
  const { session } = await import('../auth/session.ts');
  session.set({ phase: 'in', user: aUser({ id: user }) });
  const { toasts } = await import('../ui/toasts.ts');
  return { ...(await import('./held.ts')), toasts };
}

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-02T10:00:00Z') });
  localStorage.clear();
});
afterEach(() => vi.useRealTimers());

test('a change that was never sent is known as such after a reload', async () => {
  const before = await page('ann');
  before.hold(CHANGE, 'OPS-1');
  const args = { status: 'completed' };
  const second = before.hold(() => ({ ...CHANGE, args }), 'OPS-1');
  args.status = 'cancelled';
  second.sending();
  const { takeLeftOver } = await page('ann');
  expect(takeLeftOver()).toEqual([
    { change: CHANGE, isSent: false },
    { change: { ...CHANGE, args: { status: 'cancelled' } }, isSent: true },
  ]);
});

test('a change that has waited for a day isn’t sent, and that is said', async () => {
  (await page('bob')).hold(CHANGE, 'OPS-1');
  await page('bob');
  vi.setSystemTime(new Date('2026-11-03T10:00:00Z'));
  const { takeLeftOver, toasts } = await page('bob');
  expect(takeLeftOver()).toEqual([]);
  expect(toasts.get()).toMatchObject([{ text: 'Couldn’t save OPS-1', stays: true }]);
  expect(takeLeftOver()).toEqual([]);
  expect(toasts.get()).toHaveLength(1);
});
