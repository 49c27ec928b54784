/** After a lost answer: what the server has now, and whether that is what was wanted. */
import { api, unwrap } from '../api/client.ts';
import { asProblem } from '../api/problem.ts';
import type { Task, TaskPatch } from '../api/types.ts';
import type { Found } from '../outcomes/persist.ts';
import { difference, isSet } from './sets.ts';

export function read(team: string, task: string): Promise<Task> {
  return unwrap(api.GET('/api/v1/teams/{team}/tasks/{task}', { params: { path: { team, task } } }));
}

type Field = keyof TaskPatch & keyof Task;

function isSame(field: Field, a: unknown, b: unknown): boolean {
  // One instant has several spellings.
  if (field === 'due_at' && typeof a === 'string' && typeof b === 'string') return Date.parse(a) === Date.parse(b);
  return a === b;
}

/** Of a set, whether it holds what was added and no longer what was taken away: the rest may be somebody else's. */
function isDone(name: Field, now: Task, before: Task, fields: TaskPatch): boolean {
  if (!isSet(name)) return isSame(name, now[name], fields[name]);
  const { added, taken } = difference(before[name], fields[name] ?? []);
  return added.every((one) => now[name].includes(one)) && !taken.some((one) => now[name].includes(one));
}

/** Compares the fields that were sent, as they were before and as they were to be. */
export function compare(now: Task, before: Task, fields: TaskPatch): Found<Task> {
  const names = Object.keys(fields) as Field[];
  if (names.every((name) => isDone(name, now, before, fields))) return { kind: 'saved', value: now };
  const isUntouched = (name: Field) => isSet(name) || isSame(name, now[name], before[name]);
  return names.every(isUntouched) ? { kind: 'unsaved' } : { kind: 'overtaken' };
}

const CONTENT = ['title', 'description', 'status', 'priority', 'due_at', 'assignees', 'labels'] as const;

/** Whether the task holds what somebody saw who decided about it. Where it stands in its column doesn't matter. */
export function isAsSeen(now: Task, seen: Task): boolean {
  return CONTENT.every((name) => {
    if (!isSet(name)) return isSame(name, now[name], seen[name]);
    const { added, taken } = difference(seen[name], now[name]);
    return added.length === 0 && taken.length === 0;
  });
}

export async function recheckPatch(team: string, before: Task, fields: TaskPatch): Promise<Found<Task>> {
  return compare(await read(team, before.id), before, fields);
}

/** Where a task stands has no other value to compare than that it has changed. */
export function compareMove(now: Task, before: Task, wanted: Pick<Task, 'status'>): Found<Task> {
  if (now.version === before.version) return { kind: 'unsaved' };
  if (now.status !== wanted.status) return { kind: now.status === before.status ? 'unsaved' : 'overtaken' };
  const isMoved = now.status !== before.status || now.position !== before.position;
  return isMoved ? { kind: 'saved', value: now } : { kind: 'unsaved' };
}

export async function recheckMove(team: string, before: Task, wanted: Pick<Task, 'status'>): Promise<Found<Task>> {
  return compareMove(await read(team, before.id), before, wanted);
}

export async function recheckRemoval(team: string, { id }: Task): Promise<Found<undefined>> {
  try {
    await read(team, id);
    return { kind: 'unsaved' };
  } catch (error) {
    if (asProblem(error).status === 404) return { kind: 'saved', value: undefined };
    throw error;
  }
}
