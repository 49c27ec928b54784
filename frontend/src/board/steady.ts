/**
 * What a column shows while the pointer is over it. What others add, take away or move is held back until the pointer
 * leaves, so that no card moves under it; what the user does, and what others change in a card, shows at once.
 */
import type { Task } from '../api/types.ts';

export interface Steady {
  tasks: readonly Task[];
  /** Shown although they aren't here any more. */
  gone: ReadonlySet<string>;
  /** Not shown yet. */
  added: ReadonlySet<string>;
  /** Shown where they were. */
  stuck: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();

export function released(tasks: readonly Task[]): Steady {
  return { tasks, gone: NONE, added: NONE, stuck: NONE };
}

/** How many changes are held back. */
export function heldBack({ gone, added, stuck }: Steady): number {
  return added.size + gone.size + stuck.size;
}

/** What is shown next, when `tasks` should be and `whose` tells whose change it was. */
export function held(before: Steady, tasks: readonly Task[], whose: (id: string) => 'own' | 'others' | undefined): Steady {
  // What was held stays so when the news of it is old, until the user changes it.
  const isHeldBack = (id: string, already: ReadonlySet<string>) => {
    const by = whose(id);
    return by === 'others' || (by === undefined && already.has(id));
  };
  const now = new Map(tasks.map((task) => [task.id, task]));
  const shown = new Set(before.tasks.map(({ id }) => id));
  const added = new Set(
    tasks.filter(({ id }) => isHeldBack(id, before.added) && !shown.has(id)).map(({ id }) => id),
  );
  const gone = new Set(
    before.tasks.filter(({ id }) => !now.has(id) && isHeldBack(id, before.gone)).map(({ id }) => id),
  );
  const rank = new Map(tasks.map(({ id }, index) => [id, index]));
  const moved = movedIn(before.tasks, rank);
  const stuck = new Set([...moved].filter((id) => isHeldBack(id, before.stuck)));

  const isHeld = (id: string) => gone.has(id) || stuck.has(id);
  const result = tasks.filter(({ id }) => !added.has(id) && !stuck.has(id));
  // What is held stands below the card that it stood below.
  for (const [index, task] of before.tasks.entries()) {
    if (!isHeld(task.id)) continue;
    const above = before.tasks[index - 1];
    const at = above === undefined ? -1 : result.findIndex(({ id }) => id === above.id);
    result.splice(at + 1, 0, now.get(task.id) ?? task);
  }
  return { tasks: result, gone, added, stuck };
}

/** The tasks that are out of their earlier order: those without which the rest is in order, roughly. */
function movedIn(before: readonly Task[], rank: ReadonlyMap<string, number>): Set<string> {
  const moved = new Set<string>();
  const left = before.filter(({ id }) => rank.has(id));
  let last = -1;
  for (const [n, { id }] of left.entries()) {
    const at = rank.get(id) ?? 0;
    const following = left[n + 1];
    const next = following === undefined ? Infinity : (rank.get(following.id) ?? Infinity);
    // It moved down, when the one below it still follows what is above it; else it moved up.
    if (at < last || (at > next && next > last)) moved.add(id);
    else last = at;
  }
  return moved;
}
