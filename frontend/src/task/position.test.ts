import { describe, expect, it } from 'vitest';
import { liftedColumns, carry, placeOf, isSamePlace } from '../board/lift.ts';
import { aTask } from '../testing.ts';
import { byPosition, columnsOf, keyBetween } from './position.ts';

describe('keyBetween', () => {
  it.each([
    ['', ''],
    ['a', ''],
    ['', 'a'],
    ['a', 'b'],
    ['a', 'a1'],
    ['az', 'b'],
    ['a0', 'a00001'],
    ['Zz', 'a'],
    ['0V', '0W'],
  ])('finds one between %j and %j', (low, high) => {
    const key = keyBetween(low, high);
    expect(key > low).toBe(true);
    if (high !== '') expect(key < high).toBe(true);
  });

  it('goes on finding one, always at the same place', () => {
    let [low, high] = ['m', 'n'];
    for (let n = 0; n < 100; n++) {
      const key = keyBetween(low, high);
      expect(key > low && key < high).toBe(true);
      if (n % 2 === 0) low = key;
      else high = key;
    }
  });
});

describe('moving by keyboard', () => {
  const tasks = [1, 2, 3].map((number) => aTask({ number })).concat(aTask({ number: 4, status: 'blocked' }));
  const [first, second] = tasks;
  const columns = columnsOf(tasks);
  if (first === undefined || second === undefined) throw new Error('no tasks');
  const statuses = ['pending', 'blocked', 'completed'] as const;

  it('orders by position, bytewise', () => {
    const keys = ['b', 'a', 'Z', 'a0'].map((position, number) => aTask({ number, position }));
    expect(keys.sort(byPosition).map(({ position }) => position)).toEqual(['Z', 'a', 'a0', 'b']);
  });

  it('carries a task within its column and stops at the ends', () => {
    let lift = { task: first, status: first.status, index: 0 };
    expect(carry(columns, statuses, lift, 'up')).toEqual(lift);
    for (const index of [1, 2, 2]) {
      lift = carry(columns, statuses, lift, 'down');
      expect(lift.index).toBe(index);
    }
    expect(liftedColumns(columns, lift).pending.map(({ number }) => number)).toEqual([2, 3, 1]);
    expect(placeOf(columns, first, 'pending', 2)).toMatchObject({ status: 'pending', after: { number: 3 } });
  });

  it('carries a task into the next column, at the same height or its end', () => {
    const lift = carry(columns, statuses, { task: second, status: 'pending', index: 1 }, 'right');
    expect(lift).toMatchObject({ status: 'blocked', index: 1 });
    expect(placeOf(columns, second, 'blocked', 1)).toMatchObject({ status: 'blocked', after: { number: 4 } });
    const further = carry(columns, statuses, lift, 'right');
    expect(further).toMatchObject({ status: 'completed', index: 0 });
    expect(placeOf(columns, second, 'completed', 0)).toEqual({ status: 'completed' });
    expect(carry(columns, statuses, further, 'right')).toEqual(further);
  });

  it('names no task as a neighbour that the server doesn’t know yet', () => {
    const made = aTask({ number: 9, id: 'made', position: '0001a', version: 0 });
    const withDraft = { ...columns, pending: [first, made, second] };
    const moved = aTask({ number: 4, status: 'blocked' });
    expect(placeOf(withDraft, moved, 'pending', 2)).toMatchObject({ after: { number: 1 }, before: { number: 2 } });
    expect(placeOf({ ...columns, pending: [made] }, moved, 'pending', 1)).toEqual({ status: 'pending' });
  });

  it('knows when nothing has changed', () => {
    expect(isSamePlace(columns, second, 'pending', 1)).toBe(true);
    expect(isSamePlace(columns, second, 'blocked', 1)).toBe(false);
  });
});
