import { describe, expect, it } from 'vitest';
import { aTask, anEvent } from '../testing.ts';
import { EMPTY, revisionOf, withEvents, withTasks } from './collection.ts';

describe('a collection', () => {
  const versions = [1, 2, 3].map((version) => aTask({ version, title: `v${version}` }));

  it('ends up with the newest version, in whatever order they come', () => {
    for (const order of [[0, 1, 2], [2, 1, 0], [1, 2, 0], [2, 0, 1]]) {
      let now = EMPTY;
      for (const n of order) {
        const task = versions[n];
        if (task === undefined) continue;
        now = n % 2 === 0 ? withTasks(now, [task]) : withEvents(now, [anEvent(n + 1, 'task.updated', task)]);
      }
      expect(now.byId.get('task-1')?.title).toBe('v3');
    }
  });

  it('never changes in place', () => {
    const before = withTasks(EMPTY, [aTask()]);
    withEvents(before, [anEvent(1, 'task.deleted', aTask())]);
    expect(before.byId.size).toBe(1);
  });

  it('loses a deleted task, and gets it back when it is there again', () => {
    const there = withTasks(EMPTY, [aTask()]);
    const gone = withEvents(there, [anEvent(1, 'task.deleted', aTask())]);
    expect(gone.byId.size).toBe(0);
    expect(withEvents(gone, [anEvent(2, 'task.updated', aTask({ version: 2 }))]).byId.size).toBe(1);
  });

  it('takes a deleted label off its tasks', () => {
    const there = withTasks(EMPTY, [aTask({ labels: ['a', 'b'] })]);
    const label = { id: 'a', team_id: 'team', name: 'A', color: '#000000', created_at: '', updated_at: '' };
    const event = { ...anEvent(1, 'label.deleted', aTask()), task_id: null, data: { label, previous: {} } };
    expect(withEvents(there, [event]).byId.get('task-1')?.labels).toEqual(['b']);
  });
});

it('reads the revision of a list from its ETag', () => {
  expect(revisionOf('W/"17-9e3779b97f4a7c15"')).toBe(17);
  expect(revisionOf('"0-x"')).toBe(0);
  expect(revisionOf('"3"')).toBeNull();
  expect(revisionOf(null)).toBeNull();
});
