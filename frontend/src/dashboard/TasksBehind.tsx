import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { Link, useSearchParams } from 'wouter';
import { api, unwrap } from '../api/client.ts';
import type { Task } from '../api/types.ts';
import { calendarDay } from '../i18n/dates.ts';
import { taskPath, teamPath } from '../shell/address.ts';
import shell from '../shell/shell.module.css';
import { useDirectory } from '../task/useTasks.ts';
import { Avatars } from '../ui/Avatar.tsx';
import { Button } from '../ui/Button.tsx';
import { StatusIcon } from '../ui/Icon.tsx';
import { Empty, Failed, Loading, Skeleton } from '../ui/States.tsx';
import { Ago } from '../ui/Time.tsx';
import css from './dashboard.module.css';
import { dayIn, statsQuery, type Kind, type Span } from './stats.ts';

const PAGE = 100;

/** The list behind a number: of the whole time span, or of one day. */
export function behindPath(team: string, kind: Kind, days: Span, day?: string): string {
  const search = new URLSearchParams({ days: String(days), ...(day !== undefined && { day }) });
  return `${teamPath(team, 'dashboard')}/${kind}?${search.toString()}`;
}

/** The server lists tasks by when they were created or completed, newest first; the list ends where the span begins. */
function useTasksBehind(team: string, kind: Kind, first: string | undefined, last: string | undefined, zone: string) {
  const timeOf = (task: Task) => (kind === 'created' ? task.created_at : task.completed_at) ?? '';
  const query = useInfiniteQuery({
    queryKey: ['team', team, 'stats', 'tasks', kind],
    queryFn: ({ pageParam, signal }) => {
      const order = kind === 'created' ? { sort: 'number' as const } : { sort: 'completed' as const, status: ['completed' as const] };
      const params = { path: { team }, query: { ...order, limit: PAGE, ...(pageParam !== null && { cursor: pageParam }) } };
      return unwrap(api.GET('/api/v1/teams/{team}/tasks', { params, signal }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => {
      const oldest = page.items.at(-1);
      const isPast = oldest === undefined || first === undefined || dayIn(zone, timeOf(oldest)) < first;
      return isPast ? null : page.next_cursor;
    },
    enabled: first !== undefined,
  });
  const tasks = (query.data?.pages.flatMap(({ items }) => items) ?? []).filter((task) => {
    const day = dayIn(zone, timeOf(task));
    return first !== undefined && last !== undefined && day >= first && day <= last;
  });
  const { hasNextPage, isFetching, isError, fetchNextPage } = query;
  // The tasks of an earlier day come after those of all later days.
  const isShort = hasNextPage && !isFetching && !isError && tasks.length < PAGE / 2;
  useEffect(() => {
    if (isShort) void fetchNextPage();
  }, [isShort, fetchNextPage]);
  return { ...query, tasks, timeOf };
}

export function TasksBehind({ team, kind, days }: { team: string; kind: Kind; days: Span }) {
  const { t } = useTranslation();
  const [search] = useSearchParams();
  const stats = useQuery(statsQuery(team, days));
  const directory = useDirectory(team);
  const day = search.get('day') ?? undefined;
  const first = day ?? stats.data?.days[0]?.date;
  const last = day ?? stats.data?.days.at(-1)?.date;
  const zone = stats.data?.zone ?? 'UTC';
  const query = useTasksBehind(team, kind, stats.data === undefined ? undefined : first, last, zone);
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
        {query.data !== undefined && query.tasks.length === 0 && !query.hasNextPage && (
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
                <Ago className={css.taskTime} at={query.timeOf(task)} />
              </Link>
            </li>
          ))}
        </ul>
        {query.hasNextPage && (
          <p className={css.moreTasks}>
            <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              {t('dashboard.more')}
            </Button>
          </p>
        )}
      </div>
    </main>
  );
}
