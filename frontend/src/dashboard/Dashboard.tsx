import { queryOptions, useQuery } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { api, unwrap } from '../api/client.ts';
import { STATUSES, type Stats, type Status } from '../api/types.ts';
import { calendarDay } from '../i18n/dates.ts';
import { number } from '../i18n/formats.ts';
import { NONE } from '../list/filters.ts';
import { parts } from '../shell/ahead.ts';
import { teamPath } from '../shell/address.ts';
import shell from '../shell/shell.module.css';
import { useDirectory } from '../task/useTasks.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Icon, StatusIcon } from '../ui/Icon.tsx';
import { Failed, Loading, Skeleton } from '../ui/States.tsx';
import { Bars, type Bar } from './Bars.tsx';
import css from './dashboard.module.css';

const { Chart } = parts;

const SPANS = [7, 30, 90] as const;

const statsQuery = (team: string, days: number) =>
  queryOptions({
    queryKey: ['team', team, 'stats', days],
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/v1/teams/{team}/stats', { params: { path: { team }, query: { days } }, signal })),
  });

export default function Dashboard({ team }: { team: string }) {
  const { t } = useTranslation();
  const [days, setDays] = useState<number>(30);
  const query = useQuery({ ...statsQuery(team, days), placeholderData: (before) => before });
  return (
    <main className={shell.page}>
      <header className={shell.head}>
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
          <Numbers team={team} stats={query.data} />
        )}
      </div>
    </main>
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function Numbers({ team, stats }: { team: string; stats: Stats }) {
  const { t } = useTranslation();
  const directory = useDirectory(team);
  const created = sum(stats.days.map((day) => day.created));
  const completed = sum(stats.days.map((day) => day.completed));
  const open = sum(Object.values(stats.open_by_status));
  const list = teamPath(team, 'list');
  const isOpen = (status: Status): status is keyof Stats['open_by_status'] => status in stats.open_by_status;
  const byStatus: Bar[] = STATUSES.filter(isOpen).map((status) => ({
    key: status,
    text: t(`status.${status}`),
    icon: <StatusIcon status={status} />,
    count: stats.open_by_status[status],
    href: `${list}?status=${status}`,
    color: `var(--status-${status})`,
  }));
  const byAssignee: Bar[] = stats.open_by_assignee.map(({ user_id, count }) => {
    const name = user_id === null ? t('filter.nobody') : (directory.member(user_id)?.user.name ?? t('common.formerMember'));
    return {
      key: user_id ?? NONE,
      text: name,
      icon: user_id === null ? <Icon name="person" size={20} /> : <Avatar id={user_id} name={name} />,
      count,
      href: `${list}?status=pending,in_progress,blocked&assignee=${user_id ?? NONE}`,
      color: 'var(--accent)',
    };
  });
  return (
    <div className={css.grid}>
      <Figure label={t('dashboard.open')} value={open} href={`${list}?status=pending,in_progress,blocked`} />
      <Figure label={t('dashboard.created')} value={created} />
      <Figure label={t('dashboard.completed')} value={completed} />
      <section className={`${css.card} ${css.wide}`} aria-labelledby="per-day">
        <h2 id="per-day" className={css.cardTitle}>
          {t('dashboard.perDay')}
        </h2>
        <Suspense fallback={<Skeleton height={240} />}>
          <Chart days={stats.days} />
        </Suspense>
        <details className={css.details}>
          <summary>{t('dashboard.asTable')}</summary>
          <table className={css.table}>
            <thead>
              <tr>
                <th scope="col">{t('dashboard.day')}</th>
                <th scope="col">{t('dashboard.created')}</th>
                <th scope="col">{t('dashboard.completed')}</th>
              </tr>
            </thead>
            <tbody>
              {stats.days.map((day) => (
                <tr key={day.date}>
                  <th scope="row">{calendarDay(day.date)}</th>
                  <td>{number(day.created)}</td>
                  <td>{number(day.completed)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      </section>
      <Bars className={css.half} title={t('dashboard.byStatus')} bars={byStatus} />
      <Bars className={css.half} title={t('dashboard.byAssignee')} bars={byAssignee} />
    </div>
  );
}

function Figure({ label, value, href }: { label: string; value: number; href?: string }) {
  const content = (
    <>
      <span className={css.figureLabel}>{label}</span>
      <span className={css.figure}>{number(value)}</span>
    </>
  );
  if (href === undefined) return <div className={css.card}>{content}</div>;
  return (
    <Link href={href} className={css.card}>
      {content}
    </Link>
  );
}
