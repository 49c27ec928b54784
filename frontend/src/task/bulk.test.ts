import { expect, test } from 'vitest';
import { aTask } from '../testing.ts';
import { applied, common } from './bulk.ts';

const a = aTask({ id: 'a', labels: ['x', 'y'], assignees: ['ann'], priority: 'high' });
const b = aTask({ id: 'b', labels: ['y', 'z'], assignees: [], priority: 'low' });

test('tasks have in common what all of them have', () => {
  expect(common([a, b])).toMatchObject({ labels: ['y'], assignees: [], status: 'pending', priority: '' });
  expect(common([])).toBeUndefined();
});

test('a label is added to each, and taken from each, without touching the others', () => {
  const shared = common([a, b]) ?? a;
  const add = applied({ labels: ['w', 'y'] }, shared);
  expect(add(a)).toEqual({ labels: ['w', 'x', 'y'] });
  expect(add(b)).toEqual({ labels: ['w', 'y', 'z'] });
  const remove = applied({ labels: [] }, shared);
  expect(remove(a)).toEqual({ labels: ['x'] });
  expect(remove(b)).toEqual({ labels: ['z'] });
});

test('a task that has the value already is left alone', () => {
  const set = applied({ priority: 'high' }, common([a, b]) ?? a);
  expect(set(a)).toBeNull();
  expect(set(b)).toEqual({ priority: 'high' });
});
