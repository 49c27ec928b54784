/** Acting on several tasks at once: all are shown changed at once, a few requests are under way, one message says what happened. */
import { isOutcomeUnknown, type ApiProblem } from '../api/problem.ts';
import type { Task, TaskPatch } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { slots, type Slot } from '../outcomes/turns.ts';
import { explain } from '../ui/explain.ts';
import { toast } from '../ui/toasts.ts';
import type { OnFailure, TaskActions } from './actions.ts';

/** Requests of one action that are under way at the same time. */
const AT_ONCE = 4;
/** Keys that a message lists. */
const NAMED = 8;

interface Failure {
  task: Task;
  problem: ApiProblem;
}

type Act = (task: Task, onFailure: OnFailure, slot: Slot) => Promise<boolean>;

/** All are begun at once: what waits for its slot is shown, counted, and kept if the page is closed. */
async function forEach(tasks: readonly Task[], act: Act): Promise<Failure[]> {
  const failures: Failure[] = [];
  const slot = slots(AT_ONCE);
  await Promise.all(tasks.map((task) => act(task, (problem) => failures.push({ task, problem }), slot)));
  return failures;
}

function tell(count: number, failures: readonly Failure[], done: 'bulk.changed' | 'bulk.deleted'): void {
  if (failures.length === 0) {
    toast({ kind: 'done', text: t(done, { count }) });
    return;
  }
  const unknown = failures.filter(({ problem }) => isOutcomeUnknown(problem));
  const failed = failures.filter(({ problem }) => !isOutcomeUnknown(problem));
  const failure = done === 'bulk.deleted' ? 'bulk.deleteFailed' : 'bulk.failed';
  if (failed.length > 0) toast({ kind: 'error', text: textOf(failure, failed, count), detail: reasonsOf(failed) });
  if (unknown.length > 0) toast({ kind: 'unknown', text: textOf('bulk.unknown', unknown, count), detail: reasonsOf(unknown) });
}

function textOf(name: 'bulk.failed' | 'bulk.deleteFailed' | 'bulk.unknown', failures: readonly Failure[], all: number): string {
  const named = failures.slice(0, NAMED).map(({ task }) => task.key);
  const more = failures.length - named.length;
  const keys = more === 0 ? named.join(', ') : t('bulk.andMore', { keys: named.join(', '), count: more });
  return t(name, { count: failures.length, all, keys });
}

function reasonsOf(failures: readonly Failure[]): string {
  return [...new Set(failures.map(({ problem }) => explain(problem)))].join(' ');
}

/** `fieldsOf` gives null for a task that needs no change. */
export async function patchAll(
  actions: TaskActions,
  tasks: readonly Task[],
  fieldsOf: (task: Task) => TaskPatch | null,
): Promise<void> {
  const wanted = new Map<string, TaskPatch>();
  for (const task of tasks) {
    const fields = fieldsOf(task);
    if (fields !== null) wanted.set(task.id, fields);
  }
  const some = tasks.filter(({ id }) => wanted.has(id));
  const failures = await forEach(some, (task, onFailure, slot) => actions.patch(task, wanted.get(task.id) ?? {}, onFailure, slot));
  tell(some.length, failures, 'bulk.changed');
}

export async function removeAll(actions: TaskActions, tasks: readonly Task[]): Promise<void> {
  const failures = await forEach(tasks, (task, onFailure, slot) => actions.remove(task, onFailure, slot));
  tell(tasks.length, failures, 'bulk.deleted');
}

/** What the tasks have in common, as one task for the choice of a property. */
export function common(tasks: readonly Task[]): Task | undefined {
  const [first] = tasks;
  if (first === undefined) return undefined;
  const same = <K extends 'status' | 'priority' | 'due_at'>(name: K) =>
    tasks.every((task) => task[name] === first[name]) ? first[name] : undefined;
  const inAll = (name: 'assignees' | 'labels') =>
    first[name].filter((value) => tasks.every((task) => task[name].includes(value)));
  // A value that isn't shared is none of those that can be chosen.
  return {
    ...first,
    status: same('status') ?? ('' as Task['status']),
    priority: same('priority') ?? ('' as Task['priority']),
    due_at: same('due_at') ?? null,
    assignees: inAll('assignees'),
    labels: inAll('labels'),
  };
}

/** What a choice among the common values means for each task: sets are added to and taken from, the rest is replaced. */
export function applied(fields: TaskPatch, shared: Task): (task: Task) => TaskPatch | null {
  return (task) => {
    const next: TaskPatch = { ...fields };
    for (const name of ['assignees', 'labels'] as const) {
      const chosen = fields[name];
      if (chosen === undefined) continue;
      const kept = task[name].filter((value) => !shared[name].includes(value) || chosen.includes(value));
      next[name] = [...new Set([...kept, ...chosen])];
      if (name === 'labels') next[name].sort();
    }
    const isSame = (Object.keys(next) as (keyof TaskPatch)[]).every(
      (name) => JSON.stringify(next[name]) === JSON.stringify(task[name as keyof Task]),
    );
    return isSame ? null : next;
  };
}
