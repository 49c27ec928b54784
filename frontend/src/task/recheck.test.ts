import { expect, test } from 'vitest';
import { aTask } from '../testing.ts';
import { compare, compareMove } from './recheck.ts';

const before = aTask({ title: 'Old', labels: ['a'], version: 3 });

test('a change that is there was saved, in whatever form the server writes it', () => {
  expect(compare({ ...before, title: 'New', version: 4 }, before, { title: 'New' }).kind).toBe('saved');
  expect(compare({ ...before, labels: ['b', 'a'] }, before, { labels: ['a', 'b'] }).kind).toBe('saved');
  const due = { due_at: '2026-12-01T10:00:00.000Z' };
  expect(compare({ ...before, due_at: '2026-12-01T10:00:00.000000Z' }, before, due).kind).toBe('saved');
});

test('a change that isn’t there wasn’t, whatever else has changed', () => {
  expect(compare({ ...before, status: 'blocked', version: 4 }, before, { title: 'New' }).kind).toBe('unsaved');
});

test('somebody else’s change of the same field is not undone', () => {
  expect(compare({ ...before, title: 'Theirs', version: 4 }, before, { title: 'New' }).kind).toBe('overtaken');
});

test('two titles that name the same day are two titles', () => {
  const dated = { ...before, title: '5 March 2026' };
  expect(compare({ ...dated }, dated, { title: 'March 5, 2026' }).kind).toBe('unsaved');
});

test('a move is there when the status is, and the position is another', () => {
  const wanted = { status: 'blocked' as const };
  expect(compareMove(before, before, wanted).kind).toBe('unsaved');
  expect(compareMove({ ...before, status: 'blocked', version: 4 }, before, wanted).kind).toBe('saved');
  expect(compareMove({ ...before, status: 'completed', version: 4 }, before, wanted).kind).toBe('overtaken');
  expect(compareMove({ ...before, title: 'New', version: 4 }, before, wanted).kind).toBe('unsaved');
  expect(compareMove({ ...before, position: '9', version: 4 }, before, { status: 'pending' }).kind).toBe('saved');
});
