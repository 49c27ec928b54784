import { expect, it } from 'vitest';
import { aNotification } from '../testing.ts';
import { groupByTask, newestFirst, split } from './groups.ts';

const second = (n: number) => `2026-11-01T10:00:0${n}.000000Z`;
const one = aNotification({ id: '1', task_id: 'a', created_at: second(1), read_at: second(2) });
const two = aNotification({ id: '2', task_id: 'b', created_at: second(2) });
const three = aNotification({ id: '3', task_id: 'a', created_at: second(3), title: 'Renamed' });

it('groups by task, the newest first', () => {
  const groups = groupByTask([three, two, one]);
  expect(groups.map(({ task, items, unread, title }) => [task, items.length, unread, title])).toEqual([
    ['a', 2, ['3'], 'Renamed'],
    ['b', 1, ['2'], 'Task 1'],
  ]);
});

it('knows a deleted task by any of its notifications', () => {
  expect(groupByTask([aNotification({ task_deleted: true })])[0]?.isDeleted).toBe(true);
});

it('holds back what is newer than what is shown', () => {
  expect(split([three, two, one], two)).toEqual({ shown: [two, one], held: [three] });
  expect(split([three, two], undefined)).toEqual({ shown: [three, two], held: [] });
});

it('keeps the server’s order among those that were made at the same moment', () => {
  const [older, newer] = ['1', '2'].map((id) => aNotification({ id, created_at: second(1) })) as [typeof one, typeof one];
  expect([older, newer].sort(newestFirst)).toEqual([newer, older]);
  expect([newer, older].sort(newestFirst)).toEqual([newer, older]);
  expect(split([newer, older], newer).held).toEqual([]);
});
