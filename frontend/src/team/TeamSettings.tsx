import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from '../i18n/index.ts';
import type { Team } from '../api/types.ts';
import settings from '../settings/settings.module.css';
import { membersQuery } from '../task/queries.ts';
import { Button } from '../ui/Button.tsx';
import { LeaveTeam } from './MemberDialogs.tsx';
import css from './team.module.css';

/** The team's name and key, one's own role in it, and how to leave it. */
export function TeamSettings({ team, me }: { team: Team; me: string }) {
  const { t } = useTranslation();
  const [isLeaving, setIsLeaving] = useState(false);
  const members = useQuery(membersQuery(team.key)).data ?? [];
  const mine = members.find(({ user }) => user.id === me);
  const owners = members.filter(({ role }) => role === 'owner').length;
  return (
    <section className={settings.section} aria-labelledby="team">
      <h2 id="team" className={settings.title}>
        {t('settings.team')}
      </h2>
      <dl className={settings.facts}>
        <dt>{t('team.name')}</dt>
        <dd dir="auto">{team.name}</dd>
        <dt>{t('team.key')}</dt>
        <dd>{team.key.toUpperCase()}</dd>
        <dt>{t('team.yourRole')}</dt>
        <dd>{t(`role.${team.role}`)}</dd>
      </dl>
      <div>
        <Button className={css.quietDanger} disabled={mine === undefined} onClick={() => setIsLeaving(true)}>
          {t('team.leave')}
        </Button>
      </div>
      {isLeaving && mine !== undefined && (
        <LeaveTeam
          team={team}
          member={mine}
          isLastOwner={mine.role === 'owner' && owners === 1}
          onClose={() => setIsLeaving(false)}
        />
      )}
    </section>
  );
}
