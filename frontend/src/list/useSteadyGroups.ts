import { useState } from 'react';
import type { Task } from '../api/types.ts';
import { held, heldBack, released, type Steady } from '../board/steady.ts';
import { recent } from '../live/notice.ts';

interface State {
  groups: readonly (readonly Task[])[];
  isHeld: boolean;
  steady: readonly Steady[];
}

function next(before: State, groups: State['groups'], isHeld: boolean): State {
  const isOthers = (id: string) => recent.get().has(id);
  const steady = groups.map((tasks, n) => {
    const now = before.steady[n];
    if (!isHeld || now === undefined) return released(tasks);
    return tasks === before.groups[n] ? now : held(now, tasks, isOthers);
  });
  return { groups, isHeld, steady };
}

/** The tasks of each group as they are shown while the pointer is over the list, and as they are when it isn't. */
export function useSteadyGroups(groups: readonly (readonly Task[])[], isHeld: boolean) {
  const [now, setNow] = useState<State>(() => ({ groups, isHeld, steady: groups.map(released) }));
  let shown = now;
  const isSame = now.groups.length === groups.length && groups.every((tasks, n) => tasks === now.groups[n]);
  if (!isSame || now.isHeld !== isHeld) {
    shown = next(now, groups, isHeld);
    setNow(shown);
  }
  const { steady } = shown;
  return {
    steady,
    count: steady.reduce((sum, one) => sum + heldBack(one), 0),
    release: () => setNow((one) => ({ ...one, steady: one.groups.map(released) })),
  };
}
