/** Due dates as a filter sees them: in days and weeks of the viewer's time zone. */
import type { Status, Task } from '../api/types.ts';
import type { Due } from './filters.ts';

/** Half-open; without `from` it has no beginning. */
interface Range {
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

/** The earliest instant that the server reads: "has a due date" is due from then on. */
const EVER = '1970-01-01T00:00:00Z';

/** What the server is asked for; with a range, `none` is in addition to it. */
export interface DueQuery {
  due?: 'none';
  due_from?: string;
  due_before?: string;
}

interface Asked {
  query: DueQuery;
  /** Those in which there can be a task that is due so. */
  statuses: readonly Status[];
  /** Whether the query finds nothing else in them. */
  isExact: boolean;
}

/** The moments at which something begins or ends that a filter can ask for, from the first to the last. */
function cutsOf(now: Date): Date[] {
  const [today, week] = [RANGES.today(now), RANGES.week(now)];
  const cuts = [today, week].flatMap(({ from, before }) => [Number(from), Number(before)]);
  return [...new Set(cuts)].sort((a, b) => a - b).map((cut) => new Date(cut));
}

/**
 * What is due in any of `due` and none of `not`, as the server's one range, with or without what has no due date. Where
 * that isn't one range, or not the same for each status, the range is around all of it.
 */
export function dueQuery(due: readonly Due[], not: readonly Due[], statuses: readonly Status[], now: Date): Asked {
  const [isWanted, isExcluded] = [dueTest(due, now), dueTest(not, now)];
  const cuts = cutsOf(now);
  /** One due date before the first cut, and one between each and the next. */
  const dates = [new Date(Number(cuts[0]) - 1), ...cuts].map((date) => date.toISOString());
  const found = (status: Status) =>
    [...dates, null].map((due_at) => (due.length === 0 || isWanted({ due_at, status })) && !isExcluded({ due_at, status }));
  const all = statuses.map((status) => ({ status, found: found(status) })).filter((one) => one.found.includes(true));
  const isFound = (n: number) => all.some((one) => one.found[n]);
  const hasNone = isFound(dates.length);
  const [first, last] = [dates.findIndex((_, n) => isFound(n)), dates.findLastIndex((_, n) => isFound(n))];
  const isAny = first === 0 && last === cuts.length;
  const asked = [...dates.map((_, n) => first >= 0 && n >= first && n <= last), hasNone];
  const range = { due_from: cuts[first - 1]?.toISOString() ?? EVER, ...(last < cuts.length && { due_before: dates[last + 1] }) };
  return {
    query: isAny && hasNone ? {} : { ...(hasNone && { due: 'none' as const }), ...(first >= 0 && range) },
    statuses: all.map(({ status }) => status),
    isExact: all.every((one) => one.found.every((is, n) => is === asked[n])),
  };
}
