import { describe, expect, it } from 'vitest';
import { aTask } from '../testing.ts';
import { endingIn, rowsOf, type Group } from './rows.ts';

describe('rows', () => {
  const groups: Group[] = [
    { status: 'in_progress', tasks: [aTask({ number: 3, status: 'in_progress' })], total: 1, isFolded: false },
    { status: 'blocked', tasks: [], total: 0, isFolded: false },
    { status: 'pending', tasks: [aTask({ number: 2 }), aTask({ number: 1 })], total: 70, isFolded: false },
  ];
  const shown = (all: Group[]) => rowsOf(all).map((row) => (row.kind === 'group' ? row.status : row.task.number));

  it('are grouped by status, without empty groups', () => {
    expect(shown(groups)).toEqual(['in_progress', 3, 'pending', 2, 1]);
  });

  it('are hidden with a folded group, whose count stays', () => {
    const rows = rowsOf(groups.map((group) => ({ ...group, isFolded: true })));
    expect(rows.at(-1)).toEqual({ kind: 'group', id: 'pending', status: 'pending', count: 70, isFolded: true });
  });

  it('know their place among all of their group', () => {
    expect(rowsOf(groups).at(-1)).toMatchObject({ place: 2, of: 70 });
  });

  it('keep a group in which only what the filter hides is shown', () => {
    const kept = new Set(['task-9']);
    const rows = rowsOf([{ status: 'blocked', tasks: [aTask({ number: 9 })], total: 0, isFolded: false, kept }]);
    expect(rows.at(-1)).toMatchObject({ id: 'task-9', isKept: true, of: 1 });
  });

  it('tell which groups end in sight', () => {
    const rows = rowsOf(groups);
    expect([...endingIn(rows, 0, 1, 0)]).toEqual(['in_progress']);
    expect([...endingIn(rows, 0, 1, 5)]).toEqual(['in_progress', 'pending']);
    expect([...endingIn(rows, 2, 4, 0)]).toEqual(['pending']);
  });
});
