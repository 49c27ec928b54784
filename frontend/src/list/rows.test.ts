import { describe, expect, it } from 'vitest';
import { aTask } from '../testing.ts';
import { rowsOf } from './rows.ts';

describe('rows', () => {
  const tasks = [
    aTask({ number: 1, priority: 'low', due_at: '2026-11-05T00:00:00Z' }),
    aTask({ number: 2, priority: 'urgent' }),
    aTask({ number: 3, status: 'in_progress' }),
  ];
  const shown = (sort: 'priority' | 'due' | 'created') =>
    rowsOf(tasks, sort, new Set()).map((row) => (row.kind === 'group' ? row.status : row.task.number));

  it('are grouped by status and sorted within', () => {
    expect(shown('priority')).toEqual(['in_progress', 3, 'pending', 2, 1]);
    expect(shown('due')).toEqual(['in_progress', 3, 'pending', 1, 2]);
    expect(shown('created')).toEqual(['in_progress', 3, 'pending', 2, 1]);
  });

  it('are hidden with a folded group, whose count stays', () => {
    const rows = rowsOf(tasks, 'position', new Set(['pending']));
    expect(rows.at(-1)).toEqual({ kind: 'group', status: 'pending', count: 2 });
  });
});
