import { beforeEach, expect, test } from 'vitest';
import { aTask } from '../testing.ts';
import { clearSelection, selectAll, selection, selectTo, toggleSelected } from './selection.ts';
import { shown } from './shown.ts';

const column = (...ids: string[]) => ids.map((id) => aTask({ id }));
const chosen = () => [...selection.get()].sort().join('');

beforeEach(() => {
  shown.set({ lists: [column('a', 'b', 'c', 'd'), column('x', 'y')], isManual: true });
  clearSelection();
});

test('a task is selected and taken out again', () => {
  toggleSelected('a');
  toggleSelected('c');
  expect(chosen()).toBe('ac');
  toggleSelected('a');
  expect(chosen()).toBe('c');
});

test('a range grows and shrinks from where it began', () => {
  selectTo('b', 'a');
  selectTo('d');
  expect(chosen()).toBe('abcd');
  selectTo('b');
  expect(chosen()).toBe('ab');
});

test('a range keeps what was selected before it, and a click in another column begins a new one', () => {
  toggleSelected('d');
  toggleSelected('a');
  selectTo('b');
  expect(chosen()).toBe('abd');
  selectTo('y');
  selectTo('x');
  expect(chosen()).toBe('abdxy');
});

test('all that is shown, and no more', () => {
  selectAll();
  expect(chosen()).toBe('abcdxy');
  shown.set({ lists: [column('a', 'x')], isManual: true });
  expect(chosen()).toBe('ax');
  toggleSelected('nowhere');
  expect(chosen()).toBe('ax');
});

test('a task on its way to the server can’t be selected', () => {
  shown.set({ lists: [[aTask({ id: 'a', version: 0 }), aTask({ id: 'b' })]], isManual: true });
  toggleSelected('a');
  selectAll();
  expect(chosen()).toBe('b');
});
