/** Due dates as a filter sees them: in days and weeks of the viewer's time zone. */
import type { Task } from '../api/types.ts';
import type { Due } from './filters.ts';

/** Half-open; without `from` it has no beginning. */
export interface Range {
  from?: Date;
  before: Date;
}

const MONDAY = 1;

function firstDayOfWeek(): number {
  const locale = new Intl.Locale(navigator.language) as Intl.Locale & { getWeekInfo?: () => { firstDay: number } };
  return locale.getWeekInfo?.().firstDay ?? MONDAY;
}

/** Midnight so many days from the day of `now`; the calendar, not 24 hours, since days differ in length. */
function midnight(now: Date, days: number): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days);
}

const RANGES: Record<Exclude<Due, 'none'>, (now: Date) => Range> = {
  overdue: (now) => ({ before: midnight(now, 0) }),
  today: (now) => ({ from: midnight(now, 0), before: midnight(now, 1) }),
  week: (now) => {
    const sinceFirst = (now.getDay() - firstDayOfWeek() + 7) % 7;
    return { from: midnight(now, -sinceFirst), before: midnight(now, 7 - sinceFirst) };
  },
};

/** The shortest range around all of these; `none` has no range and is left out. */
export function dueRange(due: readonly Due[], now: Date): Range {
  const ranges = due.filter((one) => one !== 'none').map((one) => RANGES[one](now));
  const from = ranges.some((range) => range.from === undefined)
    ? undefined
    : new Date(Math.min(...ranges.map((range) => Number(range.from))));
  const before = new Date(Math.max(...ranges.map((range) => Number(range.before))));
  return { ...(from && { from }), before };
}

/** Whether a task is due in any of these; what is done or cancelled isn't overdue. */
export function dueTest(due: readonly Due[], now: Date): (task: Pick<Task, 'due_at' | 'status'>) => boolean {
  const tests = due.filter((one) => one !== 'none').map((one) => {
    const { from, before } = RANGES[one](now);
    return { isOpenOnly: one === 'overdue', from: from?.getTime() ?? -Infinity, before: before.getTime() };
  });
  const isNoneWanted = due.includes('none');
  return ({ due_at, status }) => {
    if (due_at === null) return isNoneWanted;
    const at = Date.parse(due_at);
    const isOver = status === 'completed' || status === 'cancelled';
    return tests.some(({ isOpenOnly, from, before }) => at >= from && at < before && !(isOpenOnly && isOver));
  };
}
