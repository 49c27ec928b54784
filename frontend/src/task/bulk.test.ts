import { expect, test, vi } from 'vitest';
import { ApiProblem, OUTCOME_UNKNOWN } from '../api/problem.ts';
import { aTask } from '../testing.ts';
import { toasts } from '../ui/toasts.ts';
import type { OnFailure, TaskActions } from './actions.ts';
import { applied, common, patchAll } from './bulk.ts';

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

test('what got no answer isn’t counted among what failed', async () => {
  const problems = new Map([
    ['b', new ApiProblem({ status: 403 })],
    ['c', new ApiProblem({ status: 0, type: OUTCOME_UNKNOWN })],
  ]);
  const patch = ({ id }: { id: string }, _: object, onFailure?: OnFailure) => {
    const problem = problems.get(id);
    if (problem !== undefined) onFailure?.(problem);
    return Promise.resolve(problem === undefined);
  };
  const tasks = ['a', 'b', 'c'].map((id, at) => aTask({ id, number: at + 1 }));
  toasts.set([]);
  await patchAll({ patch } as unknown as TaskActions, tasks, () => ({ priority: 'low' }));
  expect(toasts.get()).toMatchObject([
    { kind: 'error', text: 'Couldn’t save 1 of 3 tasks: OPS-2' },
    { kind: 'unknown', text: 'No answer about 1 of 3 tasks: OPS-3', detail: 'The change may or may not have been saved. Trying again is safe.' },
  ]);
});

test('of many changes, four are sent at once, in their order', async () => {
  const [ends, sent]: [(() => void)[], string[]] = [[], []];
  const patch: TaskActions['patch'] = ({ id }, _fields, _onFailure, slot) =>
    slot?.(() => {
      sent.push(id);
      return new Promise<boolean>((end) => ends.push(() => end(true)));
    }) ?? Promise.resolve(false);
  const tasks = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => aTask({ id }));
  const all = patchAll({ patch } as unknown as TaskActions, tasks, () => ({ priority: 'low' }));
  await Promise.resolve();
  expect(sent).toEqual(['a', 'b', 'c', 'd']);
  ends[0]?.();
  await vi.waitFor(() => expect(sent).toEqual(['a', 'b', 'c', 'd', 'e']));
  for (let n = 1; n < tasks.length; n++) {
    await vi.waitFor(() => expect(ends.length).toBeGreaterThan(n));
    ends[n]?.();
  }
  await all;
});
