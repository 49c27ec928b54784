/** Filters and tasks for unit tests, and what the server answers to a filter by the contract. */
import { PRIORITIES, STATUSES, type Task } from '../api/types.ts';
import { isDueAsAsked } from '../task/server.fixture.ts';
import { aTask } from '../testing.ts';
import { DUES, NO_FILTERS, toQuery, type Choices, type Filters } from './filters.ts';
import { fold, hasWords, wordsOf } from './folded.ts';

export const NOW = new Date(2026, 10, 26, 15, 0);

export function filtersOf(fields: Partial<Choices> & { text?: string; not?: Partial<Choices> }): Filters {
  return { ...NO_FILTERS, ...fields, not: { ...NO_FILTERS.not, ...fields.not } };
}

export function at(day: number, hour = 12): string {
  return new Date(2026, 10, day, hour).toISOString();
}

/** Pseudo-random, the same in each run. */
function dice(seed: number) {
  let state = seed;
  return (sides: number) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % sides;
  };
}

export function samples(count: number): Filters[] {
  const roll = dice(7);
  const some = <T>(values: readonly T[]): T[] => (roll(3) > 0 ? [] : values.filter(() => roll(3) === 0));
  const choices = (): Choices => ({
    statuses: some(STATUSES),
    priorities: some(PRIORITIES),
    assignees: some(['ann', 'bob', 'me', 'none']),
    labels: some(['x', 'y', 'none']),
    due: some(DUES),
  });
  return Array.from({ length: count }, () => ({ ...choices(), not: choices(), text: roll(3) === 0 ? 'té 1' : '' }));
}

export function manyTasks(count: number): Task[] {
  const roll = dice(11);
  return Array.from({ length: count }, (_, number) =>
    aTask({
      number,
      title: roll(2) === 0 ? `Tea ${number}` : `Coffee ${number}`,
      status: STATUSES[roll(5)] ?? 'pending',
      priority: PRIORITIES[roll(5)] ?? 'none',
      assignees: ['ann', 'bob'].filter(() => roll(2) === 0),
      labels: ['x', 'y'].filter(() => roll(2) === 0),
      due_at: roll(3) === 0 ? null : at(15 + roll(25), roll(24)),
    }),
  );
}

/** What the server answers to the filter's query, by the contract. */
export function asServer(filters: Filters): (task: Task) => boolean {
  const query = toQuery(filters, NOW);
  if (query === null) return () => false;
  const { status, priority, assignee, label, not_assignee, not_label, q } = query;
  const any = (wanted: string, ids: readonly string[]) => {
    const values = wanted.split(',').map((id) => (id === 'me' ? 'ann' : id));
    return ids.length === 0 ? values.includes('none') : ids.some((id) => values.includes(id));
  };
  return (task) =>
    (status === undefined || status.split(',').includes(task.status)) &&
    (priority === undefined || priority.split(',').includes(task.priority)) &&
    (assignee === undefined || any(assignee, task.assignees)) &&
    (label === undefined || any(label, task.labels)) &&
    (not_assignee === undefined || !any(not_assignee, task.assignees)) &&
    (not_label === undefined || !any(not_label, task.labels)) &&
    isDueAsAsked(query, task) &&
    (q === undefined || hasWords(fold(`${task.title} ${task.key}`), wordsOf(q)));
}
