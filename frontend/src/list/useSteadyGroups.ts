import { useState } from 'react';
import type { Task } from '../api/types.ts';
import { held, heldBack, released, type Steady } from '../board/steady.ts';
import { own, recent, whose } from '../live/notice.ts';

type Totals = readonly (number | undefined)[];

interface State {
  groups: readonly (readonly Task[])[];
  totals: Totals;
  isHeld: boolean;
  steady: readonly Steady[];
  steadyTotals: Totals;
}

/** What is shown instead of `totals`: a change of others makes no group empty, and none that was empty appear. */
export function heldTotals(before: Pick<State, 'totals' | 'steadyTotals'>, totals: Totals, isOthers: boolean): Totals {
  return totals.map((total, n) => {
    const shown = before.steadyTotals[n];
    const isKnown = shown !== undefined && total !== undefined;
    const isHeld = isKnown && (shown === 0) !== (total === 0) && (isOthers || total === before.totals[n]);
    return isHeld ? shown : total;
  });
}

function next(before: State, groups: State['groups'], totals: Totals, isHeld: boolean): State {
  const steady = groups.map((tasks, n) => {
    const now = before.steady[n];
    if (!isHeld || now === undefined) return released(tasks);
    return tasks === before.groups[n] ? now : held(now, tasks, whose);
  });
  const steadyTotals = isHeld ? heldTotals(before, totals, own.get().size === 0 && recent.get().size > 0) : totals;
  return { groups, totals, isHeld, steady, steadyTotals };
}

/**
 * The tasks of each group as they are shown while the pointer is over the list, and as they are when it isn't. `totals` are
 * those of folded groups, whose tasks aren't read.
 */
export function useSteadyGroups(groups: readonly (readonly Task[])[], totals: Totals, isHeld: boolean) {
  const [now, setNow] = useState<State>(() => ({ groups, totals, isHeld, steady: groups.map(released), steadyTotals: totals }));
  let shown = now;
  const isSame = now.groups.length === groups.length && groups.every((tasks, n) => tasks === now.groups[n] && totals[n] === now.totals[n]);
  if (!isSame || now.isHeld !== isHeld) {
    shown = next(now, groups, totals, isHeld);
    setNow(shown);
  }
  const { steady, steadyTotals } = shown;
  const heldHeadings = steadyTotals.filter((total, n) => total !== totals[n]).length;
  return {
    steady,
    steadyTotals,
    count: steady.reduce((sum, one) => sum + heldBack(one), heldHeadings),
    release: () => setNow((one) => ({ ...one, steady: one.groups.map(released), steadyTotals: one.totals })),
  };
}
