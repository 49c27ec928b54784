import { expect, test, vi } from 'vitest';
import { aTask } from '../testing.ts';
import type { TaskActions } from './actions.ts';
import { moveAll } from './moveAll.ts';

test('all are begun at once, each after the one before it, and sent one by one', async () => {
  const [after, before] = [aTask({ number: 1 }), aTask({ number: 2 })];
  const moved = [3, 4, 5].map((number) => aTask({ number, status: 'blocked' }));
  const sent: number[] = [];
  const answers: (() => void)[] = [];
  const move = vi.fn<TaskActions['move']>((task, _, slot) => {
    const send = () => {
      sent.push(task.number);
      return new Promise<boolean>((resolve) => answers.push(() => resolve(true)));
    };
    return slot === undefined ? send() : slot(send);
  });
  moveAll({ move } as unknown as TaskActions, moved, 'pending', { before, after });
  expect(move.mock.calls.map(([task, place]) => [place.after?.number, task.number, place.before?.number])).toEqual([
    [1, 3, 2],
    [3, 4, 2],
    [4, 5, 2],
  ]);
  const positions = move.mock.calls.map(([, place]) => place.after?.position ?? '');
  expect(positions).toEqual(positions.toSorted());
  expect(positions.at(-1)?.localeCompare(before.position)).toBe(-1);
  for (const n of [0, 1, 2]) {
    await vi.waitFor(() => expect(sent).toEqual([3, 4, 5].slice(0, n + 1)));
    answers[n]?.();
  }
});
