/** A server for unit tests that holds a team's tasks, answers pages, counts and single tasks, and keeps a log. */
import { ApiProblem } from '../api/problem.ts';
import { STATUSES, type Status, type Task, type TeamEvent } from '../api/types.ts';
import type { DueQuery } from '../list/due.ts';
import { anEvent, aTask } from '../testing.ts';
import type { ByStatus } from './counts.ts';
import { ORDERS } from './order.ts';
import type { ListQuery, TaskPage } from './read.ts';

/** With a range, tasks without a due date come in addition to it. */
export function isDueAsAsked({ due, due_from, due_before }: DueQuery, { due_at }: Task): boolean {
  const hasRange = due_from !== undefined || due_before !== undefined;
  if (due_at === null) return due === 'none' || !hasRange;
  if (due === 'none' && !hasRange) return false;
  const at = Date.parse(due_at);
  return (due_from === undefined || at >= Date.parse(due_from)) && (due_before === undefined || at < Date.parse(due_before));
}

export class Server {
  tasks = new Map<string, Task>();
  log: TeamEvent[] = [];
  reads: ListQuery[] = [];
  counts = 0;
  /** Answers wait for it. */
  gate: Promise<void> = Promise.resolve();
  fails: ApiProblem | null = null;
  #last = 0;

  get revision(): number {
    return this.log.length;
  }

  #record(type: TeamEvent['type'], task: Task, previous: Record<string, unknown> = {}): TeamEvent {
    const event = anEvent(this.log.length + 1, type, task, previous);
    this.log.push(event);
    return event;
  }

  create(fields: Partial<Task> = {}): Task {
    const task = aTask({ number: ++this.#last, ...fields });
    this.tasks.set(task.id, task);
    this.#record('task.created', task);
    return task;
  }

  fill(count: number, fields: (n: number) => Partial<Task> = () => ({})): void {
    for (let n = 0; n < count; n++) this.create(fields(n));
  }

  change(id: string, fields: Partial<Task>): Task {
    const before = this.tasks.get(id);
    if (before === undefined) throw new Error(`no ${id}`);
    const moment = `2026-11-02T00:00:00.${String(this.log.length).padStart(6, '0')}Z`;
    const done = fields.status === undefined ? {} : { completed_at: fields.status === 'completed' ? moment : null };
    const task = { ...before, ...fields, ...done, updated_at: moment, version: before.version + 1 };
    this.tasks.set(id, task);
    const previous = Object.fromEntries(Object.keys(fields).map((name) => [name, before[name as keyof Task]]));
    this.#record(fields.status === undefined ? 'task.updated' : 'task.status_changed', task, previous);
    return task;
  }

  remove(id: string): void {
    const task = this.tasks.get(id);
    if (task === undefined) throw new Error(`no ${id}`);
    this.tasks.delete(id);
    this.#record('task.deleted', task);
  }

  /** What a list shows in full. */
  list({ status, sort, q, assignee, ...due }: Partial<ListQuery>): Task[] {
    const fits = (task: Task) =>
      isDueAsAsked(due, task) &&
      (status === undefined || status.split(',').includes(task.status)) &&
      (q === undefined || task.title.toLowerCase().includes(q)) &&
      (assignee === undefined || task.assignees.includes(assignee));
    return [...this.tasks.values()].filter(fits).sort(ORDERS[sort ?? 'number']);
  }

  readonly readPage = async (_team: string, query: ListQuery, signal: AbortSignal): Promise<TaskPage> => {
    this.reads.push(query);
    // What is answered is what was there when it was asked for.
    const all = this.list(query);
    const { revision } = this;
    const compare = ORDERS[query.sort];
    const after = query.cursor === undefined ? null : (JSON.parse(query.cursor) as Task);
    const rest = after === null ? all : all.filter((task) => compare(task, after) > 0);
    const items = rest.slice(0, query.limit);
    const next = rest.length > items.length ? JSON.stringify(items.at(-1)) : undefined;
    await this.#answer(signal);
    return { items, next, revision };
  };

  readonly readCounts = async (_team: string, query: Partial<ListQuery>, signal: AbortSignal) => {
    this.counts++;
    const byStatus = Object.fromEntries(STATUSES.map((status) => [status, 0])) as Record<Status, number>;
    for (const task of this.list(query)) byStatus[task.status]++;
    const { revision } = this;
    await this.#answer(signal);
    return { byStatus: byStatus as ByStatus, revision };
  };

  readonly readTask = async (_team: string, ref: string, signal: AbortSignal): Promise<Task> => {
    const task = [...this.tasks.values()].find(({ id, number }) => id === ref || String(number) === ref);
    await this.#answer(signal);
    if (task === undefined) throw new ApiProblem({ status: 404 });
    return task;
  };

  async #answer(signal: AbortSignal): Promise<void> {
    await this.gate;
    signal.throwIfAborted();
    if (this.fails !== null) throw this.fails;
  }

  /** The events after this revision. */
  since(revision: number): TeamEvent[] {
    return this.log.slice(revision);
  }
}

/** The server of a test; `vi.mock('./read.ts', () => import('./server.fixture.ts'))` makes the page read from it. */
export const server = { now: new Server() };

export const readPage: Server['readPage'] = (...args) => server.now.readPage(...args);
export const readCounts: Server['readCounts'] = (...args) => server.now.readCounts(...args);
export const readTask: Server['readTask'] = (...args) => server.now.readTask(...args);
export const readRevision = () => Promise.resolve(server.now.revision);
