import { expect, test } from 'vitest';
import type { Person } from '../task/queries.ts';
import { directoryOf } from '../task/useTasks.ts';
import { aUser } from '../testing.ts';
import { NO_FILTERS, type Filters } from './filters.ts';
import { suggestionsFor } from './suggestions.ts';

const person = (id: string, name: string, left_at: string | null = null, email = `${id}@example.org`): Person => ({
  user: aUser({ id, name, email }),
  role: 'member',
  joined_at: '2026-11-01T10:00:00Z',
  left_at,
});
const directory = directoryOf([], [person('ann', 'Ann'), person('bob', 'Bob', '2026-11-02T10:00:00Z')]);

function textsFor(text: string, filters: Partial<Filters> = {}): string[] {
  const found = suggestionsFor(text, { ...NO_FILTERS, ...filters }, directory, 'me');
  return found.filter(({ field }) => field === 'assignees' || field === 'labels').map((one) => one.text);
}

test('who has left the team is found by typing', () => {
  expect(textsFor('')).not.toContain('Bob (former)');
  expect(textsFor('bob')).toEqual(['Bob (former)']);
  expect(textsFor('not bob')).toEqual(['Bob (former)']);
});

test('what is chosen can be taken out, though its person has left or its label was deleted', () => {
  expect(textsFor('', { assignees: ['bob'] })).toContain('Bob (former)');
  expect(textsFor('', { labels: ['gone'] })).toContain('a deleted label');
});

test('people of the same name are told apart by their addresses', () => {
  const people = [person('a', 'Alex Kim'), person('b', 'Alex Kim'), person('c', 'Ann'), person('d', 'Alex Kim', '2026-11-02T10:00:00Z')];
  const { nameOf } = directoryOf([], people);
  expect(people.map(({ user }) => nameOf(user.id))).toEqual([
    'Alex Kim (a@example.org)',
    'Alex Kim (b@example.org)',
    'Ann',
    'Alex Kim (former) (d@example.org)',
  ]);
});

test('a label whose name begins like an exclusion is found by its name', () => {
  const label = { team_id: 'ops', color: '#5e6ad2', created_at: '', updated_at: '' };
  const labels = ['-not', '!urgent', 'not now', 'now'].map((name) => ({ ...label, id: name, name }));
  const isNotOf = (text: string) =>
    Object.fromEntries(
      suggestionsFor(text, NO_FILTERS, directoryOf(labels, []), 'me')
        .filter(({ field }) => field === 'labels')
        .map((one) => [one.text, one.isNot]),
    );
  expect(isNotOf('-not')).toMatchObject({ '-not': false, now: true });
  expect(isNotOf('!urg')).toEqual({ '!urgent': false });
  expect(isNotOf('not now')).toEqual({ 'not now': false, now: true });
  expect(isNotOf('-now')).toEqual({ 'not now': true, now: true });
});
