/**
 * What a user does to tasks. Each change is seen at once, and taken back with the reason when the server refuses it.
 */
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api, unwrap } from '../api/client.ts';
import { asProblem } from '../api/problem.ts';
import type { NewTask, Status, Task, TaskMove, TaskPatch } from '../api/types.ts';
import { session } from '../auth/session.ts';
import { t } from '../i18n/index.ts';
import { explain } from '../ui/explain.ts';
import { newId } from '../ui/ids.ts';
import { toast } from '../ui/toasts.ts';
import { begin, type Change } from './pending.ts';
import { byPosition, keyBetween } from './position.ts';
import { tasksOf } from './team-tasks.ts';

export interface Place {
  status: Status;
  before?: Task;
  after?: Task;
}

export interface TaskActions {
  /** Gives whether it was saved. */
  patch: (task: Task, fields: TaskPatch) => Promise<boolean>;
  move: (task: Task, place: Place) => Promise<boolean>;
  create: (task: NewTask) => Promise<Task | undefined>;
  remove: (task: Task) => Promise<boolean>;
}

/** The end of what is under way for each task: two changes of one task reach the server in the order they were made. */
const queues = new Map<string, Promise<unknown>>();

export function inTurn<T>(task: string, call: () => Promise<T>): Promise<T> {
  const turn = (queues.get(task) ?? Promise.resolve()).then(call, call);
  queues.set(task, turn);
  const leave = () => {
    if (queues.get(task) === turn) queues.delete(task);
  };
  turn.then(leave, leave);
  return turn;
}

/** Shows `change` while `call` is under way; afterwards what the server made of it, or why it was taken back. */
async function optimistically(
  client: QueryClient,
  team: string,
  change: Change,
  call: () => Promise<Task | undefined>,
  what: string,
): Promise<Task | true | undefined> {
  const settle = begin(team, change);
  try {
    const saved = await (change.kind === 'add' ? call() : inTurn(change.task, call));
    const tasks = tasksOf(client, team);
    if (saved !== undefined) tasks.keep(saved, change.kind === 'add' ? 'made' : 'changed');
    else if (change.kind === 'remove') {
      const task = tasks.collection.byId.get(change.task);
      if (task !== undefined) tasks.drop(task);
    }
    return saved ?? true;
  } catch (error) {
    toast({ kind: 'error', text: t('errors.rolledBack', { what, reason: explain(asProblem(error)) }) });
    return undefined;
  } finally {
    settle();
  }
}

function inTask(team: string, task: Task) {
  return { path: { team, task: task.id } };
}

/** The fields as the task will have them, for the eye only. */
function shown(task: Task, fields: TaskPatch): Partial<Task> {
  const { status } = fields;
  const done = status === undefined ? {} : { completed_at: status === 'completed' ? new Date().toISOString() : null };
  return { ...fields, ...(status === task.status ? {} : done) };
}

function draft(client: QueryClient, team: string, task: NewTask): Task {
  const all = [...tasksOf(client, team).collection.byId.values()];
  const first = all.reduce<Task | undefined>((top, one) => (top && byPosition(top, one) < 0 ? top : one), undefined);
  const now = new Date().toISOString();
  const me = session.get();
  return {
    id: newId(),
    team_id: team,
    number: Number.MAX_SAFE_INTEGER,
    key: '',
    description: '',
    status: 'pending',
    priority: 'none',
    assignees: [],
    labels: [],
    position: keyBetween('', first?.position ?? ''),
    due_at: null,
    created_by: me.phase === 'in' ? me.user.id : '',
    created_at: now,
    updated_at: now,
    completed_at: null,
    version: 0,
    ...task,
  };
}

export function useTaskActions(team: string): TaskActions {
  const client = useQueryClient();
  return useMemo(() => {
    const patch: TaskActions['patch'] = async (task, fields) => {
      const change: Change = { kind: 'set', task: task.id, fields: shown(task, fields) };
      const call = () =>
        unwrap(api.PATCH('/api/v1/teams/{team}/tasks/{task}', { params: inTask(team, task), body: fields }));
      return (await optimistically(client, team, change, call, task.key)) !== undefined;
    };
    const move: TaskActions['move'] = async (task, { status, before, after }) => {
      const position = keyBetween(after?.position ?? '', before?.position ?? '');
      const fields = { ...(status === task.status ? {} : shown(task, { status })), position };
      // One neighbour is enough, and between two of a filtered board there may be more that aren't seen.
      const body: TaskMove = {
        ...(status !== task.status && { status }),
        ...(after ? { after: after.id } : before && { before: before.id }),
      };
      const params = inTask(team, task);
      const call = () => unwrap(api.POST('/api/v1/teams/{team}/tasks/{task}/move', { params, body }));
      const change: Change = { kind: 'set', task: task.id, fields };
      return (await optimistically(client, team, change, call, task.key)) !== undefined;
    };
    const create: TaskActions['create'] = async (task) => {
      const header = { 'Idempotency-Key': newId() };
      const params = { path: { team }, header };
      const call = () => unwrap(api.POST('/api/v1/teams/{team}/tasks', { params, body: task }));
      const change: Change = { kind: 'add', task: draft(client, team, task) };
      const saved = await optimistically(client, team, change, call, t('task.quoted', { title: task.title }));
      return saved === true ? undefined : saved;
    };
    const remove: TaskActions['remove'] = async (task) => {
      const call = () => unwrap(api.DELETE('/api/v1/teams/{team}/tasks/{task}', { params: inTask(team, task) }));
      const change: Change = { kind: 'remove', task: task.id };
      const done = await optimistically(client, team, change, () => call().then(() => undefined), task.key);
      return done !== undefined;
    };
    return { patch, move, create, remove };
  }, [client, team]);
}
