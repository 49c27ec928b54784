/**
 * What the user has done and the server hasn't answered yet. It lies over what the server has said, so that an event
 * that comes meanwhile is neither lost nor flickers, and taking it away is the whole rollback.
 */
import type { Comment, Task } from '../api/types.ts';
import { noticeOwn } from '../live/notice.ts';
import { newId } from '../ui/ids.ts';
import { createStore } from '../ui/store.ts';

export type Change =
  | { kind: 'set'; task: string; fields: Partial<Task> }
  | { kind: 'add'; task: Task }
  | { kind: 'remove'; task: string };

export interface Pending {
  id: number;
  team: string;
  change: Change;
  /** The task as which what was added has come back in an event: it must not be seen twice. */
  arrivedAs?: string;
}

export const pending = createStore<readonly Pending[]>([]);

let last = 0;

/**
 * Shows the change at once; call what it gives when the server has answered, for something added with the id that it
 * has now.
 */
export function begin(team: string, change: Change): (savedAs?: string) => void {
  const id = ++last;
  noticeOwn(change.kind === 'add' ? change.task.id : change.task);
  pending.set((now) => [...now, { id, team, change }]);
  return (savedAs) => pending.set((now) => settled(now, id, savedAs));
}

/** The answer alone says which of several equal additions became which task; an event only made a guess. */
function settled(now: readonly Pending[], id: number, savedAs: string | undefined): readonly Pending[] {
  const mine = now.find((one) => one.id === id);
  const rest = now.filter((one) => one.id !== id);
  if (savedAs === undefined || mine?.arrivedAs === savedAs) return rest;
  return rest.map((one) => {
    if (one.arrivedAs !== savedAs) return one;
    const { arrivedAs: _, ...other } = one;
    return mine?.arrivedAs === undefined ? other : { ...other, arrivedAs: mine.arrivedAs };
  });
}

/** Whether this task is only on its way to the server: it has no number yet, and can't be opened. */
export function isDraft(task: Task): boolean {
  return task.version === 0;
}

/** The tasks as the user is to see them. */
export function overlay(tasks: ReadonlyMap<string, Task>, changes: readonly Pending[], team: string): readonly Task[] {
  const mine = changes.filter((one) => one.team === team);
  if (mine.length === 0) return [...tasks.values()];
  const shown = new Map(tasks);
  for (const { change, arrivedAs } of mine) {
    if (arrivedAs !== undefined) continue;
    if (change.kind === 'remove') shown.delete(change.task);
    else if (change.kind === 'add') shown.set(change.task.id, change.task);
    else {
      const task = shown.get(change.task);
      if (task !== undefined) shown.set(task.id, { ...task, ...change.fields });
    }
  }
  return [...shown.values()];
}

/**
 * A task of one's own came as an event: if it is being added here, it must not be seen twice until the answer is there.
 * Of several equal additions the oldest is taken.
 */
export function arrived(team: string, task: Task): void {
  const isIt = ({ team: of, change, arrivedAs }: Pending) =>
    of === team && change.kind === 'add' && arrivedAs === undefined && isSame(change.task, task);
  pending.set((now) => {
    if (now.some(({ arrivedAs }) => arrivedAs === task.id)) return now;
    const found = now.find(isIt);
    return found === undefined ? now : now.map((one) => (one === found ? { ...one, arrivedAs: task.id } : one));
  });
}

function isSame(a: Task, b: Task): boolean {
  return a.title === b.title && a.status === b.status && a.priority === b.priority && a.description === b.description;
}

const DRAFT = 'draft-';

/** A comment that the server hasn't answered to yet. */
export function commentDraft(fields: Omit<Comment, 'id'>): Comment {
  return { ...fields, id: `${DRAFT}${newId()}` };
}

/** Comments that are sent once the network, the server or the session is back. */
export const waitingComments = createStore<ReadonlySet<string>>(new Set());

export function isCommentDraft({ id }: Comment): boolean {
  return id.startsWith(DRAFT);
}
