/**
 * What a user does to tasks. Each change is seen at once, and taken back with the reason when the server refuses it.
 */
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api, unwrap } from '../api/client.ts';
import { asProblem, beforeSending, ignoreGone, type ApiProblem } from '../api/problem.ts';
import type { NewTask, Status, Task, TaskMove, TaskPatch } from '../api/types.ts';
import { session } from '../auth/session.ts';
import { t } from '../i18n/index.ts';
import { create, type Origin } from '../outcomes/create.ts';
import { taskCreated } from '../outcomes/created.ts';
import { overtaken, type Found, type Result } from '../outcomes/persist.ts';
import { save } from '../outcomes/save.ts';
import type { Slot } from '../outcomes/turns.ts';
export { inTurn } from '../outcomes/turns.ts';
import { newId } from '../ui/ids.ts';
import type { Message } from '../ui/toasts.ts';
import { isConflict, TRIES } from './guarded.ts';
import { begin, type Change } from './pending.ts';
import { byPosition, keyBetween } from './position.ts';
import { compare, isAsSeen, read, recheckMove, recheckPatch, recheckRemoval } from './recheck.ts';
import { hasSets, rebased } from './sets.ts';
import { tasksOf } from './team-tasks.ts';

export interface Place {
  status: Status;
  before?: Task;
  after?: Task;
}

export interface CreateOptions {
  /** The draft that the task was written in, as it was when it was sent. */
  from?: Origin;
  /** What is said instead of "OPS-12 created", with the buttons Open and Undo. */
  done?: (task: Task) => Omit<Message, 'kind'> | undefined;
  /** The caller says why it wasn't created. */
  onFailed?: (kind: 'refused' | 'unknown', problem: ApiProblem) => void;
}

export interface TaskActions {
  /** Gives whether it was saved. With `onFailure`, the caller says what came of it. */
  patch: (task: Task, fields: TaskPatch, onFailure?: OnFailure, slot?: Slot) => Promise<boolean>;
  move: (task: Task, place: Place, slot?: Slot) => Promise<boolean>;
  /**
   * Gives the task, or nothing if it wasn't made. Discard the draft when you call this and name it in `from`: the text is
   * then given back, and that is said, when nothing was made.
   */
  create: (task: NewTask, options?: CreateOptions) => Promise<Task | undefined>;
  remove: (task: Task, onFailure?: OnFailure, slot?: Slot) => Promise<boolean>;
}

export interface Sending {
  /** They were begun before the page was loaded: `sent` ones may have been saved then. */
  leftOver?: 'sent' | 'unsent';
}

export type OnFailure = (problem: ApiProblem) => void;

function quietly(onFailure: OnFailure | undefined, slot: Slot | undefined) {
  if (onFailure === undefined) return {};
  return { ...(slot && { slot }), isQuiet: true, onFailed: (_: unknown, problem: ApiProblem) => onFailure(problem) };
}

interface Step<T> {
  change: Change;
  /** Sends it, again if need be, and says what came of it. */
  call: () => Promise<Result<T>>;
}

/** Shows the change while it is under way, and afterwards what the server has. */
async function optimistically(
  client: QueryClient,
  team: string,
  { change, call }: Step<Task | undefined>,
): Promise<Result<Task | undefined>> {
  const settle = begin(team, change);
  const result = await call();
  const tasks = tasksOf(client, team);
  const saved = result.kind === 'saved' ? result.value : undefined;
  if (saved !== undefined) tasks.keep(saved, change.kind === 'add' ? 'made' : 'changed');
  else if (change.kind === 'remove' && result.kind === 'saved') {
    const task = tasks.collection.byId.get(change.task);
    if (task !== undefined) tasks.drop(task);
  }
  settle(change.kind === 'add' ? saved?.id : undefined);
  return result;
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

/**
 * What to ask for, the most exact first: somebody may have deleted a neighbour meanwhile. One neighbour is enough, and
 * between two of a filtered board there may be more that aren't seen.
 */
function waysTo(task: Task, { status, before, after }: Place): TaskMove[] {
  const change = status === task.status ? {} : { status };
  const beside = [after && { after: after.id }, before && { before: before.id }].filter((one) => one !== undefined);
  const ways: TaskMove[] = beside.map((one) => ({ ...change, ...one }));
  return status !== task.status || ways.length === 0 ? [...ways, change] : ways;
}

function hasNeighbour({ before, after }: TaskMove): boolean {
  return (before ?? after ?? null) !== null;
}

function isNeighbourGone(error: unknown): boolean {
  const problem = asProblem(error);
  return problem.status === 422 && (problem.at('/after') ?? problem.at('/before')) !== undefined;
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
  return useMemo(() => actionsOn(client, team), [client, team]);
}

export function actionsOn(client: QueryClient, team: string, { leftOver }: Sending = {}): TaskActions {
  const isResumed = leftOver === 'sent';
  /** As the server last said, not as it is shown. */
  const saved = (task: Task) => tasksOf(client, team).collection.byId.get(task.id) ?? task;
  /** Kept within its turn: the next change of the task is sent over it. */
  const kept = (task: Task) => {
    tasksOf(client, team).keep(task);
    return task;
  };
  /** What waited is sent only over what the user saw. What may have been saved is compared by `check` before that. */
  const guard = async (hasWaited: boolean, task: Task, fields: TaskPatch) => {
    if (!hasWaited && leftOver !== 'unsent') return;
    const now = kept(await beforeSending(read(team, task.id)));
    if (compare(now, task, fields).kind === 'overtaken') throw overtaken();
  };
  /** What waited is deleted only as the user saw it: with what they have changed themselves, and nobody else. */
  const precondition = async (hasWaited: boolean, task: Task) => {
    if (!hasWaited && leftOver === undefined) return {};
    const now = kept(await beforeSending(read(team, task.id)));
    if (!isAsSeen(now, task)) throw overtaken();
    return { 'If-Match': `"${now.version}"` };
  };
  const keptIfSaved = (found: Found<Task>) => (found.kind === 'saved' ? { ...found, value: kept(found.value) } : found);
  return {
    async patch(task, fields, onFailure, slot) {
      let before = task;
      let body = fields;
      const send = async (hasWaited: boolean) => {
        await guard(hasWaited, task, fields);
        before = saved(task);
        for (let n = 0; ; n++) {
          body = rebased(fields, task, before);
          const header = hasSets(body) ? { 'If-Match': `"${before.version}"` } : {};
          const params = { ...inTask(team, task), header };
          try {
            return kept(await unwrap(api.PATCH('/api/v1/teams/{team}/tasks/{task}', { params, body })));
          } catch (error) {
            if (!isConflict(error) || n === TRIES) throw error;
          }
          before = await read(team, task.id);
        }
      };
      const call = () =>
        save<Task | undefined>({
          what: task.key,
          holds: true,
          turn: task.id,
          send,
          check: async () => keptIfSaved(await recheckPatch(team, before, body)),
          held: { kind: 'patch', args: { team, task, fields } },
          isResumed,
          ...quietly(onFailure, slot),
        });
      const change: Change = { kind: 'set', task: task.id, fields: shown(task, fields) };
      return (await optimistically(client, team, { change, call })).kind === 'saved';
    },
    async move(task, { status, before, after }, slot) {
      const position = keyBetween(after?.position ?? '', before?.position ?? '');
      const fields = { ...(status === task.status ? {} : shown(task, { status })), position };
      const params = inTask(team, task);
      const ways = waysTo(task, { status, before, after });
      const post = async (n = 0): Promise<Task> => {
        try {
          const body = ways[n] ?? {};
          return await unwrap(api.POST('/api/v1/teams/{team}/tasks/{task}/move', { params, body }));
        } catch (error) {
          if (!isNeighbourGone(error) || n + 1 >= ways.length) throw error;
        }
        return post(n + 1);
      };
      let from = task;
      const call = () =>
        save<Task | undefined>({
          what: task.key,
          holds: true,
          turn: task.id,
          slot,
          send: async (hasWaited) => {
            await guard(hasWaited, task, status === task.status ? {} : { status });
            from = saved(task);
            return kept(await post());
          },
          reasons: ways.every(hasNeighbour) ? { 422: t('board.noNeighbour') } : {},
          check: async () => keptIfSaved(await recheckMove(team, from, { status })),
          // As it is shown, an earlier move may have put it where the server hasn't.
          held: () => ({ kind: 'move', args: { team, task: saved(task), place: { status, before, after } } }),
          isResumed,
        });
      const change: Change = { kind: 'set', task: task.id, fields };
      return (await optimistically(client, team, { change, call })).kind === 'saved';
    },
    async create(task, options = {}) {
      const call = () =>
        create<Task | undefined>({
          path: `/api/v1/teams/${encodeURIComponent(team)}/tasks`,
          body: task,
          what: t('task.quoted', { title: task.title }),
          kind: 'task',
          holds: true,
          // Tasks that are made one after the other get their numbers in that order.
          turn: `new ${team}`,
          done: (made) => made && (options.done?.(made) ?? taskCreated(team, made)),
          again: (from) => void actionsOn(client, team).create(task, { ...options, ...(from && { from }) }),
          ...(options.from !== undefined && { from: options.from }),
          ...(options.onFailed !== undefined && { isQuiet: true, onFailed: options.onFailed }),
        });
      const change: Change = { kind: 'add', task: draft(client, team, task) };
      const result = await optimistically(client, team, { change, call });
      return result.kind === 'saved' ? result.value : undefined;
    },
    async remove(task, onFailure, slot) {
      const send = async (hasWaited: boolean) => {
        const params = { ...inTask(team, task), header: await precondition(hasWaited, task) };
        await unwrap(api.DELETE('/api/v1/teams/{team}/tasks/{task}', { params }));
      };
      const call = () =>
        save<undefined>({
          what: task.key,
          act: 'delete',
          holds: true,
          turn: task.id,
          send: (hasWaited) => send(hasWaited).then(() => undefined, ignoreGone),
          check: () => recheckRemoval(team, task),
          held: { kind: 'remove', args: { team, task } },
          isResumed,
          reasons: { 412: t('outcome.changedSince') },
          done: () =>
            onFailure === undefined
              ? { text: t('outcome.taskDeleted', { key: task.key }), series: { name: 'task deleted', text: (count) => t('bulk.deleted', { count }) } }
              : undefined,
          ...quietly(onFailure, slot),
        });
      const change: Change = { kind: 'remove', task: task.id };
      return (await optimistically(client, team, { change, call })).kind === 'saved';
    },
  };
}
