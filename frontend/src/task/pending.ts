/**
 * What the user has done and the server hasn't answered yet. It lies over what the server has said, so that an event
 * that comes meanwhile is neither lost nor flickers, and taking it away is the whole rollback.
 */
import type { Comment, Task } from '../api/types.ts';
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
}

export const pending = createStore<readonly Pending[]>([]);

let last = 0;

/** Shows the change at once; call what it gives when the server has answered. */
export function begin(team: string, change: Change): () => void {
  const id = ++last;
  pending.set((now) => [...now, { id, team, change }]);
  return () => pending.set((now) => now.filter((one) => one.id !== id));
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
  for (const { change } of mine) {
    if (change.kind === 'remove') shown.delete(change.task);
    else if (change.kind === 'add') shown.set(change.task.id, change.task);
    else {
      const task = shown.get(change.task);
      if (task !== undefined) shown.set(task.id, { ...task, ...change.fields });
    }
  }
  return [...shown.values()];
}

/** A task that was added here has come back as an event before the answer did: it must not be seen twice. */
export function dropDraft(team: string, title: string): void {
  pending.set((now) => {
    const found = now.find(({ team: t, change }) => t === team && change.kind === 'add' && change.task.title === title);
    return found === undefined ? now : now.filter((one) => one !== found);
  });
}

const DRAFT = 'draft-';

/** A comment that the server hasn't answered to yet. */
export function commentDraft(fields: Omit<Comment, 'id'>): Comment {
  return { ...fields, id: `${DRAFT}${newId()}` };
}

export function isCommentDraft({ id }: Comment): boolean {
  return id.startsWith(DRAFT);
}
