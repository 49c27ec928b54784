import { expect, test } from 'vitest';
import { aTask, anEvent } from '../testing.ts';
import { sentence } from './sentence.ts';
import { directoryOf } from './useTasks.ts';

const nobody = directoryOf([], []);

test('a task that isn’t in sight is named once, where it belongs in the sentence', () => {
  const task = aTask({ status: 'completed', priority: 'high' });
  const status = anEvent(1, 'task.updated', task, { status: 'pending' });
  expect(sentence(status, nobody)).toBe('moved it to Done');
  expect(sentence(status, nobody, task.key)).toBe('moved OPS-1 to Done');
  const both = anEvent(2, 'task.updated', task, { status: 'pending', priority: 'none' });
  expect(sentence(both, nobody, task.key)).toBe('moved OPS-1 to Done, set the priority to High');
  expect(sentence(anEvent(3, 'task.created', task), nobody, task.key)).toBe('created OPS-1');
});
