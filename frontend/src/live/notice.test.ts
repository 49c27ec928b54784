import { beforeEach, expect, it, vi } from 'vitest';
import { begin } from '../task/pending.ts';
import { aTask, anEvent } from '../testing.ts';
import { notice, recent, whose } from './notice.ts';

const task = aTask({ id: 't' });
const move = () => begin('ops', { kind: 'set', task: 't', fields: { position: 'b' } });

beforeEach(() => {
  vi.useFakeTimers();
  vi.advanceTimersByTime(10_000);
});

it('takes what the user does just after a colleague for their own', () => {
  notice([anEvent(1, 'task.updated', task)]);
  expect(whose('t')).toBe('others');
  move()();
  expect(whose('t')).toBe('own');
  expect(recent.get().has('t')).toBe(false);
  vi.advanceTimersByTime(5_000);
  expect(whose('t')).toBeUndefined();
});

it('takes what a colleague does just after the user for theirs', () => {
  move()();
  notice([anEvent(2, 'task.updated', task)]);
  expect(whose('t')).toBe('others');
  vi.advanceTimersByTime(5_000);
  expect(whose('t')).toBeUndefined();
});
