import { useQuery } from '@tanstack/react-query';
import { Suspense } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { Link, useSearchParams } from 'wouter';
import { STATUSES, type Stats, type Status } from '../api/types.ts';
import { useNow } from '../i18n/clock.ts';
import { number } from '../i18n/formats.ts';
import { NO_FILTERS, NONE, writeFilters, type Filters } from '../list/filters.ts';
import { teamPath } from '../shell/address.ts';
import shell from '../shell/shell.module.css';
import { useDirectory } from '../task/useTasks.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Boundary } from '../ui/Boundary.tsx';
import { Icon, StatusIcon } from '../ui/Icon.tsx';
import { part } from '../ui/part.ts';
import { Empty, Failed, Loading, Skeleton } from '../ui/States.tsx';
import { Bars, type Bar } from './Bars.tsx';
import { behindPath, TasksBehind } from './TasksBehind.tsx';
import css from './dashboard.module.css';
import { DayTable } from './DayTable.tsx';
import { SPANS, statsQuery, sum, type Kind, type Span, type StatsOfZone } from './stats.ts';

const Chart = part(() => import('./Chart.tsx'));

const OPEN: readonly Status[] = ['pending', 'in_progress', 'blocked'];

function spanIn(search: URLSearchParams): Span {
  return SPANS.find((span) => String(span) === search.get('days')) ?? 30;
}

/** The team's numbers, or the tasks behind one of them. */
export default function Dashboard({ team, list }: { team: string; list?: string | undefined }) {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const days = spanIn(search);
  const query = useQuery({ ...statsQuery(team, days, useNow('day')), placeholderData: (before) => before });
  if (list === 'created' || list === 'completed') return <TasksBehind team={team} kind={list} days={days} />;
  const setDays = (span: Span) => setSearch({ days: String(span) }, { replace: true });
  return (
    <main className={shell.page}>
      <header className={`${shell.head} ${css.head}`}>
        <h1 className={shell.headTitle}>{t('nav.dashboard')}</h1>
        <fieldset className={css.spans}>
          <legend className="visually-hidden">{t('dashboard.span')}</legend>
          {SPANS.map((span) => (
            <label key={span} className={css.span} data-on={span === days}>
              <input
                type="radio"
                name="span"
                className="visually-hidden"
                checked={span === days}
                onChange={() => setDays(span)}
              />
              {t('dashboard.days', { count: span })}
            </label>
          ))}
        </fieldset>
      </header>
      <div className={shell.body}>
        {query.isPending ? (
          <Loading>
            <div className={css.grid}>
              <Skeleton height={84} />
              <Skeleton height={84} />
              <Skeleton height={84} />
              <div className={css.wide}>
                <Skeleton height={280} />
              </div>
            </div>
          </Loading>
        ) : query.data === undefined ? (
          <Failed error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <Numbers team={team} stats={query.data} days={days} />
        )}
      </div>
    </main>
  );
}

function listPath(team: string, filters: Partial<Filters>): string {
  const search = writeFilters(new URLSearchParams(), { ...NO_FILTERS, ...filters });
  return `${teamPath(team, 'list')}?${search.toString()}`;
}

function Numbers({ team, stats, days }: { team: string; stats: StatsOfZone; days: Span }) {
  const { t } = useTranslation();
  const created = sum(stats.days.map((day) => day.created));
  const completed = sum(stats.days.map((day) => day.completed));
  const open = sum(Object.values(stats.open_by_status));
  const inSpan = t('dashboard.inSpan', { count: days });
  const behind = (kind: Kind) => behindPath(team, kind, days);
  return (
    <div className={css.grid}>
      <Figure label={t('dashboard.open')} note={t('dashboard.now')} value={open} href={listPath(team, { statuses: OPEN })} />
      <Figure label={t('dashboard.created')} note={inSpan} value={created} href={behind('created')} />
      <Figure label={t('dashboard.completed')} note={inSpan} value={completed} href={behind('completed')} />
      <section className={`${css.card} ${css.wide}`} aria-labelledby="per-day">
        <h2 id="per-day" className={css.cardTitle}>
          {t('dashboard.perDay')}
        </h2>
        {created + completed === 0 ? (
          <Empty icon="chart" title={t('dashboard.empty')} text={t(open === 0 ? 'dashboard.emptyText' : 'dashboard.emptySpan')} />
        ) : (
          <>
            <Boundary>
              <Suspense fallback={<Skeleton height={240} />}>
                <Chart days={stats.days} created={created} completed={completed} />
              </Suspense>
            </Boundary>
            <DayTable team={team} stats={stats} days={days} />
          </>
        )}
        {stats.zone === 'UTC' && <p className={css.faint}>{t('dashboard.utc')}</p>}
      </section>
      <OpenTasks team={team} stats={stats} />
    </div>
  );
}

function OpenTasks({ team, stats }: { team: string; stats: Stats }) {
  const { t } = useTranslation();
  const directory = useDirectory(team);
  const isOpen = (status: Status): status is keyof Stats['open_by_status'] => Object.hasOwn(stats.open_by_status, status);
  const byStatus: Bar[] = STATUSES.filter(isOpen).map((status) => ({
    key: status,
    text: t(`status.${status}`),
    icon: <StatusIcon status={status} />,
    count: stats.open_by_status[status],
    href: listPath(team, { statuses: [status] }),
    color: `var(--status-${status})`,
  }));
  const byAssignee: Bar[] = stats.open_by_assignee.map(({ user_id, count }) => {
    const name = user_id === null ? t('dashboard.unassigned') : directory.nameOf(user_id);
    return {
      key: user_id ?? NONE,
      text: name,
      icon: user_id === null ? <Icon name="person" size={20} /> : <Avatar id={user_id} name={name} />,
      count,
      href: listPath(team, { statuses: OPEN, assignees: [user_id ?? NONE] }),
      color: 'var(--accent)',
    };
  });
  return (
    <>
      <Bars className={css.half} title={t('dashboard.byStatus')} bars={byStatus} />
      <Bars className={css.half} title={t('dashboard.byAssignee')} bars={byAssignee} />
    </>
  );
}

function Figure({ label, note, value, href }: { label: string; note: string; value: number; href: string }) {
  return (
    <Link href={href} className={css.card}>
      <span className={css.figureLabel}>{label}</span>
      <span className={css.figure}>{number(value)}</span>
      <span className={css.faint}>{note}</span>
    </Link>
  );
}
