/**
 * The filter of the board and the list: a value that is read from and written to the address (a link shows what its
 * sender saw), matched against tasks here, and turned into the server's query.
 */
import { PRIORITIES, STATUSES, type Priority, type Status, type Task } from '../api/types.ts';
import { session } from '../auth/session.ts';
import { dueQuery, dueTest, type DueQuery } from './due.ts';
import { fold, hasWords, wordsOf } from './folded.ts';
import { searchable } from './searchLimit.ts';

export const DUES = ['overdue', 'today', 'week', 'none'] as const;
export type Due = (typeof DUES)[number];

/** Each list means "any of these"; an empty one doesn't filter. */
export interface Choices {
  statuses: readonly Status[];
  priorities: readonly Priority[];
  /** User ids, `none` for tasks without an assignee, `me` for the viewer. */
  assignees: readonly string[];
  /** Label ids, or `none` for tasks without a label. */
  labels: readonly string[];
  due: readonly Due[];
}

export interface Filters extends Choices {
  text: string;
  /** What a task must not have. */
  not: Choices;
}

export type Field = keyof Choices;
export const FIELDS = ['statuses', 'assignees', 'labels', 'priorities', 'due'] as const satisfies Field[];

export const NONE = 'none';
export const ME = 'me';

const NO_CHOICES: Choices = { statuses: [], priorities: [], assignees: [], labels: [], due: [] };
export const NO_FILTERS: Filters = { text: '', ...NO_CHOICES, not: NO_CHOICES };

/** The address's name of each field; with `not_` before it for what is excluded. */
const PARAMS: Record<Field, string> = {
  statuses: 'status',
  priorities: 'priority',
  assignees: 'assignee',
  labels: 'label',
  due: 'due',
};

function list(value: string | null): string[] {
  return value === null ? [] : [...new Set(value.split(','))].filter((one) => one !== '');
}

/** What is no id would make the server refuse the whole filter. */
function isId(value: string): boolean {
  return /^(none|[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12})$/.test(value);
}

function oneOf<T extends string>(known: readonly T[], values: readonly string[]): T[] {
  return known.filter((one) => values.includes(one));
}

function readChoices(read: (field: Field) => string[]): Choices {
  return {
    statuses: oneOf(STATUSES, read('statuses')),
    priorities: oneOf(PRIORITIES, read('priorities')),
    assignees: read('assignees').filter((one) => one === ME || isId(one)),
    labels: read('labels').filter(isId),
    due: oneOf(DUES, read('due')),
  };
}

export function readFilters(search: URLSearchParams): Filters {
  return {
    text: search.get('q') ?? '',
    ...readChoices((field) => list(search.get(PARAMS[field]))),
    not: readChoices((field) => list(search.get(`not_${PARAMS[field]}`))),
  };
}

/** The same address with these filters; its other parameters stay. */
export function writeFilters(search: URLSearchParams, filters: Filters): URLSearchParams {
  const next = new URLSearchParams(search);
  const set = (name: string, value: string) => {
    if (value === '') next.delete(name);
    else next.set(name, value);
  };
  set('q', filters.text);
  for (const field of FIELDS) {
    set(PARAMS[field], filters[field].join(','));
    set(`not_${PARAMS[field]}`, filters.not[field].join(','));
  }
  return next;
}

function hasChoices(choices: Choices): boolean {
  return FIELDS.some((field) => choices[field].length > 0);
}

export function isFiltering(filters: Filters): boolean {
  return filters.text.trim() !== '' || hasChoices(filters) || hasChoices(filters.not);
}

/** Who looks, and when: `me` and due dates depend on it. */
export interface Viewer {
  me: string;
  now: Date;
}

export function viewer(): Viewer {
  const now = session.get();
  return { me: now.phase === 'in' ? now.user.id : '', now: new Date() };
}

/** Folding is slow compared to finding, and a task never changes in place. */
const folded = new WeakMap<Task, string>();

function foldedText(task: Task): string {
  const known = folded.get(task);
  if (known !== undefined) return known;
  // A word has no line break, so none is found across the two.
  const text = `${fold(task.title)}\n${fold(task.key)}`;
  folded.set(task, text);
  return text;
}

type Test = (task: Task) => boolean;

/** One test per field of `choices` that filters: whether a task has any of its values. */
function testsOf(choices: Choices, { me, now }: Viewer): Test[] {
  const { statuses, priorities, labels, due } = choices;
  const people = new Set(choices.assignees.map((id) => (id === ME ? me : id)));
  return [
    ...(statuses.length > 0 ? [(task: Task) => statuses.includes(task.status)] : []),
    ...(priorities.length > 0 ? [(task: Task) => priorities.includes(task.priority)] : []),
    ...(people.size > 0 ? [({ assignees }: Task) => hasAny(assignees, (id) => people.has(id))] : []),
    ...(labels.length > 0 ? [(task: Task) => hasAny(task.labels, (id) => labels.includes(id))] : []),
    ...(due.length > 0 ? [dueTest(due, now)] : []),
  ];
}

function hasAny(ids: readonly string[], isWanted: (id: string) => boolean): boolean {
  return ids.length === 0 ? isWanted(NONE) : ids.some(isWanted);
}

/** Whether the text has no word to find, such as an accent alone. */
function isWordless({ text }: Filters): boolean {
  return text.trim() !== '' && wordsOf(text).length === 0;
}

/** Like the server's list: any value of each field, all fields together, and every word of the text. */
export function matcher(filters: Filters, who: Viewer = viewer()): Test {
  if (isWordless(filters)) return () => false;
  const words = wordsOf(filters.text);
  const wanted = testsOf(filters, who);
  const excluded = testsOf(filters.not, who);
  return (task) =>
    wanted.every((has) => has(task)) &&
    !excluded.some((has) => has(task)) &&
    (words.length === 0 || hasWords(foldedText(task), words));
}

/** The query parameters of the server's list and counts that a filter sets; lists are comma-separated. */
export interface TaskQuery extends DueQuery {
  status?: string;
  priority?: string;
  assignee?: string;
  label?: string;
  not_assignee?: string;
  not_label?: string;
  q?: string;
}

const OPEN: readonly Status[] = ['pending', 'in_progress', 'blocked'];

/**
 * The server's query for a filter, with days in the viewer's time zone; null if no task can match. Where the server has
 * no words for the filter (see `isExact`), it finds more, and `matcher` leaves out the rest.
 */
export function toQuery(filters: Filters, now: Date = new Date()): TaskQuery | null {
  const { not } = filters;
  const { query, statuses } = dueOf(filters, now);
  const priorities = remaining(PRIORITIES, filters.priorities, not.priorities);
  if (statuses.length === 0 || priorities.length === 0 || isWordless(filters)) return null;
  const text = searchText(filters.text);
  return {
    ...(statuses.length < STATUSES.length && { status: statuses.join(',') }),
    ...(priorities.length < PRIORITIES.length && { priority: priorities.join(',') }),
    ...(filters.assignees.length > 0 && { assignee: filters.assignees.join(',') }),
    ...(filters.labels.length > 0 && { label: filters.labels.join(',') }),
    ...(not.assignees.length > 0 && { not_assignee: not.assignees.join(',') }),
    ...(not.labels.length > 0 && { not_label: not.labels.join(',') }),
    ...query,
    ...(text !== '' && { q: text }),
  };
}

/** As it was typed: the server folds it, and folded here, a text in Korean would be twice as long. */
function searchText(text: string): string {
  if (wordsOf(text).length === 0) return '';
  return searchable(oneSpaced(text)).trim();
}

function oneSpaced(text: string): string {
  return text.split(/\s+/).join(' ').trim();
}

/** The statuses that the filter lets through, in the order of the board. */
export function shownStatuses({ statuses, not }: Filters): readonly Status[] {
  return remaining(STATUSES, statuses, not.statuses);
}

function remaining<T>(all: readonly T[], wanted: readonly T[], excluded: readonly T[]): readonly T[] {
  if (wanted.length === 0 && excluded.length === 0) return all;
  return all.filter((one) => (wanted.length === 0 || wanted.includes(one)) && !excluded.includes(one));
}

function dueOf(filters: Filters, now: Date) {
  return dueQuery(filters.due, filters.not.due, shownStatuses(filters), now);
}

/** Whether the server's query finds exactly what the filter lets through; otherwise its counts are too high. */
export function isExact(filters: Filters, now: Date = new Date()): boolean {
  const { text } = filters;
  return dueOf(filters, now).isExact && searchText(text) === oneSpaced(text);
}

/** The filter with which the server counts the tasks of this status: those that are done are never overdue. */
export function countedWith(filters: Filters, status: Status, now: Date = new Date()): Filters {
  const hasDue = filters.due.length > 0 || filters.not.due.length > 0;
  if (!hasDue || dueOf(filters, now).isExact) return filters;
  const isOpen = OPEN.includes(status);
  const statuses = shownStatuses(filters).filter((one) => OPEN.includes(one) === isOpen);
  // An empty list would be all of them.
  return statuses.length === 0 ? filters : { ...filters, statuses, not: { ...filters.not, statuses: [] } };
}

/** With the value taken in or out. */
export function toggled<T>(values: readonly T[], value: T): T[] {
  return values.includes(value) ? values.filter((one) => one !== value) : [...values, value];
}

/** Adds or removes one value of a field, on the side of what is wanted or of what is excluded; it is never on both. */
export function withToggled(filters: Filters, field: Field, value: string, isNot: boolean): Filters {
  const here: Choices = isNot ? filters.not : filters;
  const there: Choices = isNot ? filters : filters.not;
  const values = toggled<string>(here[field], value);
  const others = (there[field] as readonly string[]).filter((one) => one !== value);
  return isNot
    ? { ...filters, [field]: others, not: { ...filters.not, [field]: values } }
    : { ...filters, [field]: values, not: { ...filters.not, [field]: others } };
}

/** With what is wanted of a field excluded, or the other way round. */
export function withFlipped(filters: Filters, field: Field, isNot: boolean): Filters {
  const all = [...new Set<string>([...filters[field], ...filters.not[field]])];
  return { ...filters, [field]: isNot ? all : [], not: { ...filters.not, [field]: isNot ? [] : all } };
}

export function withoutField(filters: Filters, field: Field, isNot: boolean): Filters {
  return isNot ? { ...filters, not: { ...filters.not, [field]: [] } } : { ...filters, [field]: [] };
}
