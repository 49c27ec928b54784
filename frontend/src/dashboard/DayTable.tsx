import { useTranslation } from '../i18n/index.ts';
import { Link } from 'wouter';
import { calendarDay } from '../i18n/dates.ts';
import { number } from '../i18n/formats.ts';
import css from './dashboard.module.css';
import type { Kind, Span, StatsOfZone } from './stats.ts';
import { behindPath } from './TasksBehind.tsx';

/** The numbers of the chart. */
export function DayTable({ team, stats, days }: { team: string; stats: StatsOfZone; days: Span }) {
  const { t } = useTranslation();
  const cell = (kind: Kind, day: StatsOfZone['days'][number]) =>
    day[kind] === 0 ? (
      number(0)
    ) : (
      <Link href={behindPath(team, kind, days, day.date)} className={css.cellLink}>
        {number(day[kind])}
        <span className="visually-hidden">
          {' '}
          {t(`dashboard.${kind}`)}, {calendarDay(day.date)}
        </span>
      </Link>
    );
  return (
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
          {stats.days.toReversed().map((day) => (
            <tr key={day.date}>
              <th scope="row">{calendarDay(day.date)}</th>
              <td>{cell('created', day)}</td>
              <td>{cell('completed', day)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
