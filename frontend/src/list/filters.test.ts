import { describe, expect, it } from 'vitest';
import { aTask } from '../testing.ts';
import { isFiltering, matcher, NO_FILTERS, readFilters, toggled, writeFilters } from './filters.ts';
import { rowsOf } from './rows.ts';

describe('filters', () => {
  const task = aTask({ number: 42, title: 'Renew the Certificate', assignees: ['bob'], labels: ['x'] });

  it.each([
    [{ text: 'certif' }, true],
    [{ text: 'ops-42' }, true],
    [{ text: 'ops-43' }, false],
    [{ statuses: ['pending', 'blocked'] as const }, true],
    [{ statuses: ['blocked'] as const }, false],
    [{ assignees: ['bob', 'carol'] }, true],
    [{ assignees: ['none'] }, false],
    [{ labels: ['y'] }, false],
    [{ text: 'renew', statuses: ['pending'] as const, assignees: ['bob'], labels: ['x'] }, true],
    [{ text: 'renew', labels: ['y'] }, false],
  ])('%j: %s', (filters, fits) => {
    expect(matcher({ ...NO_FILTERS, ...filters })(task)).toBe(fits);
  });

  it('finds what nobody has', () => {
    expect(matcher({ ...NO_FILTERS, assignees: ['none'] })(aTask())).toBe(true);
  });

  it('come back from the address as they were written to it, and leave the rest of it alone', () => {
    const filters = { text: 'a b', statuses: ['pending'] as const, assignees: ['bob'], labels: ['x', 'y'] };
    const search = writeFilters(new URLSearchParams('task=4'), filters);
    expect(readFilters(search)).toEqual(filters);
    expect(search.get('task')).toBe('4');
    expect(writeFilters(search, NO_FILTERS).toString()).toBe('task=4');
  });

  it('take no status that there is none', () => {
    expect(isFiltering(readFilters(new URLSearchParams('status=nope')))).toBe(false);
  });

  it('toggle', () => {
    expect(toggled(toggled(['a'], 'b'), 'a')).toEqual(['b']);
  });
});

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
