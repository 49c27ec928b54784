import { useQuery } from '@tanstack/react-query';
import { useTranslation } from '../i18n/index.ts';
import { Sentence } from '../i18n/Sentence.tsx';
import { isMember, peopleQuery } from '../task/queries.ts';
import { Avatar } from '../ui/Avatar.tsx';
import table from '../ui/table.module.css';
import { Day } from '../ui/Time.tsx';
import css from './team.module.css';

/** Who was in the team: their names stay on tasks and comments. */
export function FormerMembers({ team }: { team: string }) {
  const { t } = useTranslation();
  const former = (useQuery(peopleQuery(team)).data ?? []).filter((person) => !isMember(person));
  if (former.length === 0) return null;
  return (
    <details className={css.roles}>
      <summary>{t('team.former', { count: former.length })}</summary>
      <p className={css.checkHint}>{t('team.formerText')}</p>
      <ul className={`${table.table} ${css.former}`}>
        {former.map(({ user, left_at }) => (
          <li key={user.id} className={table.line}>
            <Avatar id={user.id} name={user.name} size="large" />
            <div className={css.who}>
              <p className={table.name}>
                <bdi>{user.name}</bdi>
              </p>
            </div>
            {typeof left_at === 'string' && (
              <span className={css.since}>
                <Sentence of="team.leftOn" parts={{ day: <Day at={left_at} /> }} />
              </span>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}
