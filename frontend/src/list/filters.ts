/** What the board and the list are narrowed to. It lives in the address, so that a link shows what its sender saw. */
import { STATUSES, type Status, type Task } from '../api/types.ts';

export interface Filters {
  text: string;
  statuses: readonly Status[];
  /** User ids, or `none` for tasks that nobody has. */
  assignees: readonly string[];
  labels: readonly string[];
}

export const NOBODY = 'none';

function list(value: string | null): string[] {
  return value === null || value === '' ? [] : value.split(',');
}

export function readFilters(search: URLSearchParams): Filters {
  const statuses = new Set(list(search.get('status')));
  return {
    text: search.get('q') ?? '',
    statuses: STATUSES.filter((status) => statuses.has(status)),
    assignees: list(search.get('assignee')),
    labels: list(search.get('label')),
  };
}

/** The same address with these filters; what else it says stays. */
export function writeFilters(search: URLSearchParams, filters: Filters): URLSearchParams {
  const next = new URLSearchParams(search);
  const set = (name: string, value: string) => {
    if (value === '') next.delete(name);
    else next.set(name, value);
  };
  set('q', filters.text);
  set('status', filters.statuses.join(','));
  set('assignee', filters.assignees.join(','));
  set('label', filters.labels.join(','));
  return next;
}

export function isFiltering({ text, statuses, assignees, labels }: Filters): boolean {
  return text.trim() !== '' || statuses.length > 0 || assignees.length > 0 || labels.length > 0;
}

/** Like the API's list: any of each kind, all kinds together, text in title or key whatever its case. */
export function matcher(filters: Filters): (task: Task) => boolean {
  const text = filters.text.trim().toLowerCase();
  const { statuses, assignees, labels } = filters;
  return (task) =>
    (statuses.length === 0 || statuses.includes(task.status)) &&
    (assignees.length === 0 || isWithAny(task, assignees)) &&
    (labels.length === 0 || task.labels.some((label) => labels.includes(label))) &&
    (text === '' || task.title.toLowerCase().includes(text) || task.key.toLowerCase().includes(text));
}

function isWithAny(task: Task, assignees: readonly string[]): boolean {
  if (task.assignees.length === 0) return assignees.includes(NOBODY);
  return task.assignees.some((user) => assignees.includes(user));
}

/** With the value taken in or out. */
export function toggled<T>(values: readonly T[], value: T): T[] {
  return values.includes(value) ? values.filter((one) => one !== value) : [...values, value];
}

export const NO_FILTERS: Filters = { text: '', statuses: [], assignees: [], labels: [] };
