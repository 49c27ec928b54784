import { describe, expect, it } from 'vitest';
import { aTask, anEvent } from '../testing.ts';
import { changedBetween, EMPTY, revisionOf, withEvents, withoutTasks, withTasks } from './collection.ts';

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

  it('doesn’t bring a deleted task back by an answer that is older than the deletion', () => {
    const gone = withEvents(EMPTY, [anEvent(1, 'task.deleted', aTask({ version: 3 }))]);
    expect(withTasks(gone, [aTask({ version: 2 }), aTask({ version: 3 })]).byId.size).toBe(0);
    expect(withTasks(gone, [aTask({ version: 4 })]).gone.size).toBe(0);
    const deletedHere = withoutTasks(withTasks(EMPTY, [aTask({ version: 5 })]), [aTask({ version: 4 })]);
    expect(withTasks(deletedHere, [aTask({ version: 5 })]).byId.size).toBe(0);
  });

  it('keeps so many tombstones and no more', () => {
    const events = Array.from({ length: 2_100 }, (_, n) => anEvent(n + 1, 'task.deleted', aTask({ number: n + 1 })));
    const { gone } = withEvents(EMPTY, events);
    expect(gone.size).toBe(2_000);
    expect(gone.has('task-2100')).toBe(true);
  });

  it('tells which tasks have changed', () => {
    const one = withTasks(EMPTY, [aTask({ number: 1 }), aTask({ number: 2 })]);
    const two = withEvents(one, [
      anEvent(1, 'task.deleted', aTask({ number: 1 })),
      anEvent(2, 'task.created', aTask({ number: 3 })),
    ]);
    expect([...changedBetween(one.byId, two.byId)].sort()).toEqual(['task-1', 'task-3']);
    expect(changedBetween(two.byId, two.byId).size).toBe(0);
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
