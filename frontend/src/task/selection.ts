/** Tasks that are selected to act on them together. Only what is shown can be selected. */
import type { Task } from '../api/types.ts';
import { createStore } from '../ui/store.ts';
import { isDraft } from './pending.ts';
import { placeOf, shown, shownTask } from './shown.ts';

const NONE: ReadonlySet<string> = new Set();

export const selection = createStore<ReadonlySet<string>>(NONE);

/** Where the current range begins, and what was selected before it. */
let anchor: string | null = null;
let before: ReadonlySet<string> = NONE;

function canBeSelected(id: string): boolean {
  const task = shownTask(id);
  return task !== undefined && !isDraft(task);
}

export function toggleSelected(id: string): void {
  if (!canBeSelected(id)) return;
  const next = new Set(selection.get());
  if (!next.delete(id)) next.add(id);
  anchor = id;
  before = next;
  selection.set(next);
}

/** Selects from where the range began to this task, and no longer what an earlier end of the range had selected. */
export function selectTo(id: string, from?: string): void {
  if (!canBeSelected(id)) return;
  if (selection.get().size === 0 || anchor === null) {
    anchor = from ?? id;
    before = NONE;
  }
  const [start, end] = [placeOf(anchor), placeOf(id)];
  if (end === undefined) return;
  const isNewRange = start === undefined || start.list !== end.list;
  const next = new Set(isNewRange ? selection.get() : before);
  // A range lies in one column; a click in another column begins the next range there.
  if (isNewRange) {
    anchor = id;
    next.add(id);
    before = next;
  } else {
    const [low, high] = [Math.min(start.index, end.index), Math.max(start.index, end.index)];
    for (const task of end.list.slice(low, high + 1)) if (!isDraft(task)) next.add(task.id);
  }
  selection.set(next);
}

export function selectAll(): void {
  const all = shown.get().lists.flat().filter((task) => !isDraft(task));
  before = new Set(all.map(({ id }) => id));
  selection.set(before);
}

export function clearSelection(): void {
  anchor = null;
  before = NONE;
  selection.set(NONE);
}

/** The selected tasks as they are shown now, in their order. */
export function selectedTasks(): Task[] {
  const ids = selection.get();
  return ids.size === 0 ? [] : shown.get().lists.flat().filter(({ id }) => ids.has(id));
}

/** Forgets what isn't shown any more: nobody should act on tasks that they don't see. */
function prune(): void {
  const ids = selection.get();
  if (ids.size === 0) return;
  const left = selectedTasks().map(({ id }) => id);
  if (left.length < ids.size) selection.set(left.length === 0 ? NONE : new Set(left));
}

shown.subscribe(prune);
