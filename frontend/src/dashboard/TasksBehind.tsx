import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { Link, useSearchParams } from 'wouter';
import { api, unwrap } from '../api/client.ts';
import type { Task } from '../api/types.ts';
import { useNow } from '../i18n/clock.ts';
import { calendarDay } from '../i18n/dates.ts';
import { taskPath, teamPath } from '../shell/address.ts';
import shell from '../shell/shell.module.css';
import { tasksOf } from '../task/team-tasks.ts';
import { useDirectory } from '../task/useTasks.ts';
import { Avatars } from '../ui/Avatar.tsx';
import { Button } from '../ui/Button.tsx';
import { StatusIcon } from '../ui/Icon.tsx';
import { Empty, Failed, Loading, RestFailed, Skeleton } from '../ui/States.tsx';
import { Ago } from '../ui/Time.tsx';
import css from './dashboard.module.css';
import { dayIn, statsQuery, sum, type Kind, type Span } from './stats.ts';

const PAGE = 200;
/** So many rows fill the screen. */
const AT_LEAST = 50;
/** So many pages are read before the user is asked whether to go on. */
const PAGES_AT_ONCE = 5;

/** The list behind a number: of the whole time span, or of one day. */
export function behindPath(team: string, kind: Kind, days: Span, day?: string): string {
  const search = new URLSearchParams({ days: String(days), ...(day !== undefined && { day }) });
  return `${teamPath(team, 'dashboard')}/${kind}?${search.toString()}`;
}

interface Wanted {
  /** The days, as `2026-11-26`; undefined while they aren't known. */
  first: string | undefined;
  last: string | undefined;
  zone: string;
  /** How many tasks there are in it. */
  count: number | undefined;
}

function timeOf(kind: Kind, task: Task): string | null {
  return kind === 'created' ? task.created_at : task.completed_at;
}

/** Tasks as they are now, as far as the team's log has told; null for one that was deleted. */
function useAsNow(team: string): (task: Task) => Task | null {
  const tasks = tasksOf(useQueryClient(), team);
  const { byId, gone } = useSyncExternalStore(tasks.subscribe, () => tasks.collection);
  return useCallback(
    (task) => {
      if (gone.has(task.id)) return null;
      const held = byId.get(task.id);
      return held !== undefined && held.version > task.version ? held : task;
    },
    [byId, gone],
  );
}

/**
 * The server lists tasks by when they were created or completed, newest first: those of an earlier day come after those
 * of all later days. It is read until the list is full, or has all tasks of the time span, or for so many pages.
 */
function useTasksBehind(team: string, kind: Kind, { first, last, zone, count }: Wanted) {
  const [most, setMost] = useState(PAGES_AT_ONCE);
  const asNow = useAsNow(team);
  const query = useInfiniteQuery({
    // Apart from the numbers, which are read again after each event.
    queryKey: ['team', team, 'behind', kind],
    queryFn: ({ pageParam, signal }) => {
      const order = kind === 'created' ? { sort: 'number' as const } : { sort: 'completed' as const, status: ['completed' as const] };
      const params = { path: { team }, query: { ...order, limit: PAGE, ...(pageParam !== null && { cursor: pageParam }) } };
      return unwrap(api.GET('/api/v1/teams/{team}/tasks', { params, signal }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => {
      const oldest = page.items.at(-1);
      const time = oldest === undefined ? null : timeOf(kind, oldest);
      const isPast = time === null || first === undefined || dayIn(zone, time) < first;
      return isPast ? null : page.next_cursor;
    },
    enabled: first !== undefined,
    // To read all pages again that were once read would take as long as reading the team.
    gcTime: 0,
  });
  const { data, hasNextPage, isFetching, isError, fetchNextPage, refetch } = query;
  const read = useMemo(() => data?.pages.flatMap(({ items }) => items) ?? [], [data]);
  const tasks = useMemo(
    () =>
      read.map(asNow).filter((task): task is Task => {
        const time = task === null ? null : timeOf(kind, task);
        if (time === null || first === undefined || last === undefined) return false;
        const day = dayIn(zone, time);
        return day >= first && day <= last;
      }),
    [read, asNow, kind, first, last, zone],
  );
  const hasMore = hasNextPage && tasks.length < (count ?? Infinity);
  const isShort = hasMore && tasks.length < AT_LEAST;
  const pages = data?.pages.length ?? 0;
  const isReadingOn = isShort && !isError && pages < most;
  useEffect(() => {
    if (isReadingOn && !isFetching) void fetchNextPage();
  }, [isReadingOn, isFetching, pages, fetchNextPage]);
  // A task was added to the time span.
  const counted = useRef(count);
  useEffect(() => {
    if (counted.current !== undefined && counted.current !== count) void refetch();
    counted.current = count;
  }, [count, refetch]);
  const readOn = () => {
    setMost(pages + PAGES_AT_ONCE);
    void fetchNextPage();
  };
  return { ...query, tasks, hasMore, readOn, isReadingOn, looked: isShort && !isReadingOn ? read.length : undefined };
}

export function TasksBehind({ team, kind, days }: { team: string; kind: Kind; days: Span }) {
  const { t } = useTranslation();
  const [search] = useSearchParams();
  const stats = useQuery(statsQuery(team, days, useNow('day')));
  const directory = useDirectory(team);
  const day = search.get('day') ?? undefined;
  const first = day ?? stats.data?.days[0]?.date;
  const last = day ?? stats.data?.days.at(-1)?.date;
  const zone = stats.data?.zone ?? 'UTC';
  const within = stats.data?.days.filter(({ date }) => day === undefined || date === day);
  const count = within && sum(within.map((one) => one[kind]));
  const query = useTasksBehind(team, kind, { first: stats.data === undefined ? undefined : first, last, zone, count });
  const when = day === undefined ? t('dashboard.inSpan', { count: days }) : calendarDay(day);
  const error = stats.error ?? query.error;
  const isPending = error === null && query.data === undefined;
  return (
    <main className={shell.page}>
      <header className={shell.head}>
        <h1 className={shell.headTitle}>
          {t(kind === 'created' ? 'dashboard.createdList' : 'dashboard.completedList', { when })}
        </h1>
        <Link href={`${teamPath(team, 'dashboard')}?days=${days}`} className={css.back}>
          {t('dashboard.back')}
        </Link>
      </header>
      <div className={shell.body}>
        {isPending && (
          <Loading>
            <Skeleton height={160} />
          </Loading>
        )}
        {error !== null && query.data === undefined && (
          <Failed error={error} onRetry={() => void (stats.error === null ? query.refetch() : stats.refetch())} />
        )}
        {query.data !== undefined && query.tasks.length === 0 && !query.hasMore && (
          <Empty icon="list" title={t('dashboard.empty')} text={t('dashboard.emptySpan')} />
        )}
        <ul>
          {query.tasks.map((task) => (
            <li key={task.id}>
              <Link href={taskPath(team, task.number, 'list')} className={css.task}>
                <StatusIcon status={task.status} />
                <span className={css.taskKey}>{task.key}</span>
                <span className={css.taskTitle} dir="auto">
                  {task.title}
                </span>
                <Avatars users={task.assignees} directory={directory} />
                <Ago className={css.taskTime} at={timeOf(kind, task) ?? ''} />
              </Link>
            </li>
          ))}
        </ul>
        {query.isFetchNextPageError && <RestFailed error={query.error} onRetry={query.readOn} />}
        {query.hasMore && !query.isFetchNextPageError && (
          <p className={css.moreTasks}>
            {query.looked !== undefined && t(`dashboard.looked_${kind}`, { count: query.looked })}{' '}
            <Button busy={query.isFetchingNextPage || query.isReadingOn} onClick={query.readOn}>
              {t('dashboard.more')}
            </Button>
          </p>
        )}
      </div>
    </main>
  );
}
