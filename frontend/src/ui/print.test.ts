import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { tasksOf } from '../task/team-tasks.ts';
import { printAll } from './print.ts';
import { printing } from './printing.ts';
import { toasts } from './toasts.ts';

const client = new QueryClient();
let reach: 'whole' | 'reading' | 'failed';
const printed = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('print', printed);
  vi.spyOn(tasksOf(client, 'ops').windows, 'reach', 'get').mockImplementation(() => reach);
  printed.mockReset();
  toasts.set([]);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('printing waits until all rows are there, and says so', async () => {
  reach = 'reading';
  const end = printAll(client, 'ops');
  void printAll(client, 'ops');
  await vi.advanceTimersByTimeAsync(2_000);
  expect(printing.get()).toBe(true);
  expect(printed).not.toHaveBeenCalled();
  expect(toasts.get()).toMatchObject([{ text: 'Loading everything to print it…' }]);
  reach = 'whole';
  await vi.advanceTimersByTimeAsync(1_000);
  await end;
  expect(printed).toHaveBeenCalledTimes(1);
  expect(printing.get()).toBe(false);
  expect(toasts.get()).toEqual([]);
});

test('it prints what there is when the rest can’t be read, or takes too long', async () => {
  reach = 'failed';
  void printAll(client, 'ops');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(printed).toHaveBeenCalledTimes(1);
  reach = 'reading';
  void printAll(client, 'ops');
  await vi.advanceTimersByTimeAsync(16_000);
  expect(printed).toHaveBeenCalledTimes(2);
  expect(printing.get()).toBe(false);
});
