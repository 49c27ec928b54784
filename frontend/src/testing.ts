/** What the unit tests make their tasks and events of. */
import type { Comment, Notification, Task, Team, TeamEvent, User } from './api/types.ts';
import type { CommentPages } from './task/queries.ts';

export function aTask(fields: Partial<Task> = {}): Task {
  const number = fields.number ?? 1;
  return {
    id: `task-${number}`,
    team_id: 'team',
    number,
    key: `OPS-${number}`,
    title: `Task ${number}`,
    description: '',
    status: 'pending',
    priority: 'none',
    assignees: [],
    labels: [],
    position: String(number).padStart(4, '0'),
    due_at: null,
    created_by: 'alice',
    created_at: '2026-11-01T10:00:00.000000Z',
    updated_at: '2026-11-01T10:00:00.000000Z',
    completed_at: null,
    version: 1,
    ...fields,
  };
}

export function aNotification(fields: Partial<Notification> = {}): Notification {
  return {
    id: 'notification-1',
    type: 'task.assigned',
    team_id: 'team',
    team_key: 'ops',
    task_id: 'task-1',
    task_key: 'OPS-1',
    title: 'Task 1',
    excerpt: null,
    task_deleted: false,
    actor_id: 'bob',
    created_at: '2026-11-01T11:00:00.000000Z',
    read_at: null,
    ...fields,
  };
}

export function anEvent(revision: number, type: TeamEvent['type'], task: Task, previous: Record<string, unknown> = {}): TeamEvent {
  return {
    id: `event-${revision}`,
    revision,
    type,
    task_id: task.id,
    actor_id: 'bob',
    occurred_at: '2026-11-01T11:00:00.000000Z',
    data: { task, previous },
  };
}

export function aUser(fields: Partial<User> = {}): User {
  return {
    id: 'ann',
    email: 'ann@example.com',
    name: 'Ann',
    created_at: '2026-11-01T10:00:00.000000Z',
    ...fields,
  };
}

export function aTeam(fields: Partial<Team> = {}): Team {
  return { id: 'team', key: 'ops', name: 'Operations', role: 'member', created_at: '2026-11-01T10:00:00.000000Z', ...fields };
}

/** An answer of the API: with its data, or, from 400 on, with a problem. */
export function anAnswer(status: number, body: object = {}): Promise<Response> {
  const isProblem = status >= 400;
  const headers = { 'Content-Type': isProblem ? 'application/problem+json' : 'application/json', 'X-Request-Id': 'request' };
  const type = `urn:taskhub:problem:${SLUGS[status] ?? 'bad-request'}`;
  return Promise.resolve(new Response(JSON.stringify(isProblem ? { type, ...body } : body), { status, headers }));
}

const SLUGS: Partial<Record<number, string>> = { 401: 'unauthenticated', 403: 'forbidden', 404: 'not-found', 500: 'internal', 502: 'bad-gateway' };

/** The element that a selector finds in the page; fails if there is none. */
export function elementWith(selector: string): HTMLElement {
  const element = document.querySelector<HTMLElement>(selector);
  if (element === null) throw new Error(`There is no ${selector}.`);
  return element;
}

/** The field that a selector finds. */
export function fieldWith(selector: string): HTMLInputElement | HTMLTextAreaElement {
  const element = elementWith(selector);
  if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) return element;
  throw new Error(`${selector} is no field.`);
}

/** Writes into a field as its user does: React hears of it. */
export function typeIn(field: HTMLInputElement | HTMLTextAreaElement, text: string): void {
  const { prototype } = field instanceof HTMLTextAreaElement ? HTMLTextAreaElement : HTMLInputElement;
  Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(field, text);
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

/** All of a task's comments, the newest first. */
export function pagesOf(comments: Comment[]): CommentPages {
  return { pages: [{ items: comments, next_cursor: null }], pageParams: [undefined] };
}
