import type { ReactNode } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { Link } from 'wouter';
import { number } from '../i18n/formats.ts';
import css from './dashboard.module.css';

export interface Bar {
  key: string;
  text: string;
  icon: ReactNode;
  count: number;
  href: string;
  color: string;
}

/** Counts side by side, each leading to the tasks that it counts. */
export function Bars({ title, bars, className = '' }: { title: string; bars: readonly Bar[]; className?: string }) {
  const { t } = useTranslation();
  const most = Math.max(1, ...bars.map(({ count }) => count));
  return (
    <section className={`${css.card} ${className}`} aria-label={title}>
      <h2 className={css.cardTitle}>{title}</h2>
      {bars.every(({ count }) => count === 0) && (
        <p className={css.faint}>
          {t('dashboard.nothingOpen')}. {t('dashboard.nothingOpenText')}
        </p>
      )}
      <ul>
        {bars.map(({ key, text, icon, count, href, color }) => (
          <li key={key}>
            <Link href={href} className={css.bar}>
              <span className={css.barIcon}>{icon}</span>
              <span className={css.barText} dir="auto" title={text}>
                {text}
              </span>
              <span className={css.track}>
                <span className={css.fill} style={{ width: `${(count / most) * 100}%`, background: color }} />
              </span>
              <span className={css.barCount}>{number(count)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
