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
  expect(texts()).toEqual(['Not saved', 'Saved 5']);
});

test('what is told makes room for the next of its kind, unless the pointer is on it', () => {
  toast({ kind: 'info', text: 'Draft kept' });
  const first = toast({ kind: 'done', text: 'OPS-1 deleted' });
  toast({ kind: 'done', text: 'Copied' });
  expect(texts()).toEqual(['Draft kept', 'Copied']);
  const pointed = toast({ kind: 'done', text: 'OPS-2 created' });
  expect(pointed).toBeGreaterThan(first);
  hold(pointed);
  toast({ kind: 'done', text: 'Copied' });
  expect(texts()).toEqual(['Draft kept', 'OPS-2 created', 'Copied']);
});

test('messages of a series count up, with the way to the last and the undoing of all', () => {
  const undone: number[] = [];
  const created = (n: number) =>
    toast({
      kind: 'done',
      text: `OPS-${n} created`,
      about: `create ${n}`,
      actions: [{ label: `Open ${n}`, run: () => undefined }],
      series: { name: 'created', text: (count) => `${count} tasks created`, undo: () => undone.push(n) },
    });
  for (const n of [1, 2, 3]) created(n);
  expect(texts()).toEqual(['3 tasks created']);
  const [open, undo] = toasts.get()[0]?.actions ?? [];
  expect([open?.label, undo?.label]).toEqual(['Open 3', 'Undo']);
  undo?.run();
  expect(undone).toEqual([1, 2, 3]);
  vi.advanceTimersByTime(60_000);
  created(4);
  expect(texts()).toEqual(['OPS-4 created']);
});

test('a failed action is said in the user’s words', async () => {
  expect(await runAction(Promise.resolve(), 'OPS-1')).toBe(true);
  expect(await runAction(Promise.reject(new ApiProblem({ status: 403 })), 'OPS-1')).toBe(false);
  expect(toasts.get()).toMatchObject([{ kind: 'error', text: 'Couldn’t save OPS-1', detail: 'Your role doesn’t allow this. Ask an owner or admin of the team.' }]);
});
