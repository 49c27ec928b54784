import { afterEach, expect, test } from 'vitest';
import { current } from '../list/current.ts';
import { NO_FILTERS, type Filters } from '../list/filters.ts';
import { aTask } from '../testing.ts';
import { taskCreated } from './created.ts';

function said(filters: Partial<Filters>, task = aTask({ key: 'EB-29' })): [string, string[]] {
  history.replaceState(null, '', '/t/eb/board');
  current.set({ team: 'eb', address: '', filters: { ...NO_FILTERS, ...filters } });
  const { text, actions = [] } = taskCreated('eb', task);
  return [text, actions.map(({ label }) => label)];
}

afterEach(() => current.set({ team: undefined, address: '', filters: NO_FILTERS }));

test('what the filter doesn’t find stays in its column, and isn’t called hidden', () => {
  expect(said({})).toEqual(['EB-29 created', ['Open']]);
  expect(said({ assignees: ['ann'] })).toEqual(['EB-29 created. It doesn’t match the filter.', ['Clear the filter', 'Open']]);
  expect(said({ assignees: ['ann'] }, aTask({ key: 'EB-29', assignees: ['ann'] }))).toEqual(['EB-29 created', ['Open']]);
});

test('a column that the filter takes away hides it', () => {
  expect(said({ statuses: ['blocked'] })).toEqual(['EB-29 created. The filter hides it.', ['Clear the filter', 'Open']]);
});
