import { beforeEach, expect, test } from 'vitest';
import { aTask } from '../testing.ts';
import { arrived, begin, overlay, pending } from './pending.ts';

beforeEach(() => pending.set([]));

const add = (id: string) => begin('ops', { kind: 'add', task: aTask({ id, title: 'Same title', version: 0 }) });
const made = (number: number) => aTask({ number, title: 'Same title' });
const seen = (...tasks: ReturnType<typeof aTask>[]) =>
  overlay(new Map(tasks.map((task) => [task.id, task])), pending.get(), 'ops').map(({ id }) => id);

test('a task that arrives before its answer is seen once', () => {
  const settle = add('draft');
  arrived('ops', made(1));
  expect(seen(made(1))).toEqual(['task-1']);
  settle('task-1');
  expect(seen(made(1))).toEqual(['task-1']);
});

test('two of the same title are each seen once, in whatever order events and answers come', () => {
  const [first, second] = [add('draft-a'), add('draft-b')];
  arrived('ops', made(2));
  expect(seen(made(2))).toHaveLength(2);
  second('task-2');
  expect(seen(made(2))).toEqual(['task-2', 'draft-a']);
  arrived('ops', made(1));
  expect(seen(made(2), made(1))).toEqual(['task-2', 'task-1']);
  first('task-1');
  expect(seen(made(2), made(1))).toEqual(['task-2', 'task-1']);
});

test('one that fails leaves the other alone', () => {
  const [first, second] = [add('draft-a'), add('draft-b')];
  arrived('ops', made(1));
  first();
  expect(seen(made(1))).toEqual(['task-1', 'draft-b']);
  second('task-1');
  expect(seen(made(1))).toEqual(['task-1']);
});
