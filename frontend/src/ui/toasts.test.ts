import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ApiProblem } from '../api/problem.ts';
import { dismissAbout, hold, release, runAction, toast, toasts } from './toasts.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.runAllTimers();
  toasts.set([]);
  vi.useRealTimers();
});

const texts = () => toasts.get().map(({ text }) => text);

test('a message goes by itself, unless it stays or is being read', () => {
  toast({ kind: 'done', text: 'Saved' });
  toast({ kind: 'error', text: 'Not saved', stays: true });
  const read = toast({ kind: 'info', text: 'Read' });
  hold(read);
  vi.advanceTimersByTime(60_000);
  expect(texts()).toEqual(['Not saved', 'Read']);
  release(read);
  vi.advanceTimersByTime(60_000);
  expect(texts()).toEqual(['Not saved']);
});

test('a later message about the same thing takes the place of the earlier one', () => {
  toast({ kind: 'unknown', text: 'Trying again', about: 'OPS-1' });
  toast({ kind: 'done', text: 'Saved', about: 'OPS-1' });
  expect(texts()).toEqual(['Saved']);
  dismissAbout('OPS-1');
  expect(texts()).toEqual([]);
});

test('failures aren’t pushed away by what went well', () => {
  toast({ kind: 'error', text: 'Not saved' });
  for (const n of [1, 2, 3, 4, 5]) toast({ kind: 'done', text: `Saved ${n}` });
  expect(texts()).toEqual(['Not saved', 'Saved 3', 'Saved 4', 'Saved 5']);
});

test('a failed action is said in the user’s words', async () => {
  expect(await runAction(Promise.resolve(), 'OPS-1')).toBe(true);
  expect(await runAction(Promise.reject(new ApiProblem({ status: 403 })), 'OPS-1')).toBe(false);
  expect(toasts.get()).toMatchObject([{ kind: 'error', text: 'Couldn’t save OPS-1', detail: 'Your role doesn’t allow this. Ask an owner or admin of the team.' }]);
});
