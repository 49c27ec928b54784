import { expect, test } from 'vitest';
import { aTask } from '../testing.ts';
import { held, heldBack, released } from './steady.ts';

const column = (ids: string) => Array.from(ids, (id) => id).map((id) => aTask({ id, title: id }));
const shown = ({ tasks }: { tasks: readonly { id: string }[] }) => tasks.map(({ id }) => id).join('');
const others = (ids: string) => (id: string) => (ids.includes(id) ? ('others' as const) : undefined);
const own = (ids: string) => (id: string) => (ids.includes(id) ? ('own' as const) : undefined);

test('what others add is held back, what one adds oneself is not', () => {
  const steady = held(released(column('abc')), column('xaybc'), others('x'));
  expect(shown(steady)).toBe('aybc');
  expect(heldBack(steady)).toBe(1);
  // It stays held when the news of it is old.
  expect(shown(held(steady, column('xaybc'), others('')))).toBe('aybc');
});

test('what others take away keeps its place', () => {
  const steady = held(released(column('abcd')), column('ad'), others('bc'));
  expect(shown(steady)).toBe('abcd');
  expect([...steady.gone]).toEqual(['b', 'c']);
  expect(shown(held(steady, column('a'), others('')))).toBe('abc');
});

test('what others move stays, what one moves oneself goes', () => {
  expect(shown(held(released(column('abcd')), column('dabc'), others('d')))).toBe('abcd');
  expect(shown(held(released(column('abcd')), column('bcda'), others('a')))).toBe('abcd');
  expect(shown(held(released(column('abcd')), column('bacd'), others('')))).toBe('bacd');
});

test('what others change in a card shows at once', () => {
  const next = column('abc').map((task) => (task.id === 'b' ? { ...task, title: 'New' } : task));
  const steady = held(released(column('abc')), next, others('b'));
  expect(steady.tasks[1]?.title).toBe('New');
  expect(heldBack(steady)).toBe(0);
});

test('what comes back is no longer gone', () => {
  const steady = held(released(column('abc')), column('ac'), others('b'));
  const back = held(steady, column('abc'), others('b'));
  expect(shown(back)).toBe('abc');
  expect(heldBack(back)).toBe(0);
});

test('what one changes oneself is held back no longer', () => {
  const moved = held(released(column('abcd')), column('dabc'), others('d'));
  expect(shown(moved)).toBe('abcd');
  expect(shown(held(moved, column('adbc'), own('d')))).toBe('adbc');
});
