/** Assignees and labels are sets: a choice adds to them or takes from them, whatever others do to the rest meanwhile. */
import type { Task, TaskPatch } from '../api/types.ts';

const SETS = ['assignees', 'labels'] as const;

export function isSet(name: string): name is (typeof SETS)[number] {
  return (SETS as readonly string[]).includes(name);
}

export function hasSets(fields: TaskPatch): boolean {
  return Object.keys(fields).some(isSet);
}

/** What is added and what is taken away when `chosen` is made of `shown`. */
export function difference(shown: readonly string[], chosen: readonly string[]) {
  return {
    added: chosen.filter((one) => !shown.includes(one)),
    taken: shown.filter((one) => !chosen.includes(one)),
  };
}

type Sets = Pick<Task, (typeof SETS)[number]>;

/** The fields for the task as it is `now`: they were chosen when it was as `shown`. */
export function rebased<Fields extends Partial<Sets>>(fields: Fields, shown: Sets, now: Sets): Fields {
  const next = { ...fields };
  for (const name of SETS) {
    const chosen = fields[name];
    if (chosen === undefined) continue;
    const { added, taken } = difference(shown[name], chosen);
    const kept = now[name].filter((one) => !taken.includes(one));
    next[name] = [...new Set([...kept, ...added])];
    if (name === 'labels') next[name].sort();
  }
  return next;
}
