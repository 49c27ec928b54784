import { useTranslation } from '../i18n/index.ts';
import { useLocation } from 'wouter';
import type { Team } from '../api/types.ts';
import { firstLetter } from '../ui/Avatar.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Menu, MenuItem, MenuSeparator } from '../ui/Menu.tsx';
import { open } from '../ui/stage.ts';
import { Skeleton } from '../ui/States.tsx';
import { teamPath } from './address.ts';
import css from './shell.module.css';

export function TeamMenu({ teams, current }: { teams: readonly Team[] | undefined; current: Team | undefined }) {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  if (teams === undefined) return <Skeleton width={140} height={20} />;
  return (
    <Menu
      trigger={
        <button type="button" className={css.team} aria-label={t('team.switch', { team: current?.name ?? '' })}>
          <TeamMark name={current?.name ?? '?'} />
          <span className={css.teamName} dir="auto">{current?.name ?? t('team.none')}</span>
          <Icon name="down" size={14} />
        </button>
      }
    >
      {teams.map((team) => (
        <MenuItem
          key={team.id}
          icon={<TeamMark name={team.name} />}
          hint={`${team.key.toUpperCase()}${team.key === current?.key ? ' ✓' : ''}`}
          onSelect={() => navigate(teamPath(team.key, 'board'))}
        >
          {team.name}
        </MenuItem>
      ))}
      <MenuSeparator />
      <MenuItem icon={<Icon name="plus" />} onSelect={() => open({ kind: 'new-team' })}>
        {t('team.new')}
      </MenuItem>
    </Menu>
  );
}

function TeamMark({ name }: { name: string }) {
  return (
    <span className={css.teamMark} dir="auto" aria-hidden="true">
      {firstLetter(name)}
    </span>
  );
}
