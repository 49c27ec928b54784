import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { Link } from 'wouter';
import { atLeast, type Member, type Role, type Team } from '../api/types.ts';
import { Sentence } from '../i18n/Sentence.tsx';
import { fold, hasWords, wordsOf } from '../list/folded.ts';
import settings from '../settings/settings.module.css';
import { settingsPath } from '../settings/sections.ts';
import { membersQuery } from '../task/queries.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Button, IconButton } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Menu, MenuChoice, MenuItem } from '../ui/Menu.tsx';
import { Failed, Loading, Skeleton } from '../ui/States.tsx';
import table from '../ui/table.module.css';
import { Day } from '../ui/Time.tsx';
import { useChosen } from '../ui/useChosen.ts';
import { ChangeOwnRole, LeaveTeam, RemoveMember } from './MemberDialogs.tsx';
import { FormerMembers } from './FormerMembers.tsx';
import { RoleTable } from './RoleTable.tsx';
import { roleOptions, useMemberActions, useMemberName } from './useMemberActions.ts';
import css from './team.module.css';

/** From so many members on, a field finds one by name or address. */
const SEARCH_FROM = 8;

/** An action on a member that asks first. */
type Asked = { do: 'remove' | 'leave'; member: Member } | { do: 'change own role'; member: Member; role: Role };

export function Members({ team, me }: { team: Team; me: string }) {
  const { t } = useTranslation();
  const query = useQuery(membersQuery(team.key));
  const list = useRef<HTMLUListElement>(null);
  const title = useRef<HTMLHeadingElement>(null);
  const [text, setText] = useState('');
  const [asked, setAsked] = useState<Asked | null>(null);
  const { setRole } = useMemberActions(team);
  const members = query.data ?? [];
  const owners = members.filter(({ role }) => role === 'owner').length;
  const shown = members.filter((member) => isNamed(member, text));
  const change = async (member: Member, role: Role) => {
    if (member.user.id === me) setAsked({ do: 'change own role', member, role });
    else await setRole(member, role);
  };
  const close = () => setAsked(null);
  return (
    <section className={settings.section} aria-labelledby="members">
      <div className={css.headLine}>
        <h2 id="members" className={settings.title} ref={title} tabIndex={-1}>
          {query.data === undefined ? t('settings.members') : t('team.members', { count: members.length })}
        </h2>
        {atLeast(team.role, 'admin') && (
          <Link href={settingsPath(team.key, 'invitations')} className={css.action}>
            {t('team.invitePeople')}
          </Link>
        )}
      </div>
      {query.data === undefined && query.error !== null && (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.data === undefined && query.error === null && (
        <Loading>
          <Skeleton height={160} />
        </Loading>
      )}
      {members.length >= SEARCH_FROM && (
        <input
          type="search"
          className={css.search}
          value={text}
          placeholder={t('team.findMember')}
          aria-label={t('team.findMember')}
          dir="auto"
          onChange={(event) => setText(event.target.value)}
        />
      )}
      {query.data !== undefined && shown.length === 0 && <p className={table.faint}>{t('team.noMember')}</p>}
      {shown.length > 0 && (
        <ul className={table.table} ref={list}>
          {shown.map((member) => (
            <MemberLine
              key={member.user.id}
              team={team}
              member={member}
              isMe={member.user.id === me}
              onRole={(role) => change(member, role)}
              onAsk={(what) => setAsked({ do: what, member })}
            />
          ))}
        </ul>
      )}
      <FormerMembers team={team.key} />
      <RoleTable />
      {asked?.do === 'remove' && (
        <RemoveMember team={team} member={asked.member} onClose={close} onRemoved={() => title.current?.focus()} />
      )}
      {asked?.do === 'leave' && (
        <LeaveTeam team={team} member={asked.member} isLastOwner={asked.member.role === 'owner' && owners === 1} onClose={close} />
      )}
      {asked?.do === 'change own role' && (
        <ChangeOwnRole
          team={team}
          member={asked.member}
          role={asked.role}
          isLastOwner={asked.member.role === 'owner' && owners === 1}
          onClose={close}
        />
      )}
    </section>
  );
}

function isNamed({ user }: Member, text: string): boolean {
  return hasWords(fold(`${user.name} ${user.email ?? ''}`), wordsOf(text));
}

interface LineProps {
  team: Team;
  member: Member;
  isMe: boolean;
  onRole: (role: Role) => Promise<void>;
  onAsk: (what: 'remove' | 'leave') => void;
}

function MemberLine({ team, member, isMe, onRole, onAsk }: LineProps) {
  const { t } = useTranslation();
  const { user } = member;
  const name = useMemberName(team)(member);
  const [role, chooseRole] = useChosen(member.role, onRole);
  const canManage = atLeast(team.role, 'admin') && atLeast(team.role, member.role);
  return (
    <li className={`${table.line} ${css.member}`} data-member={user.id}>
      <Avatar id={user.id} name={user.name} size="large" />
      <div className={css.who}>
        <p className={table.name}>
          <bdi>{user.name}</bdi> {isMe && <span className={table.faint}>{t('team.you')}</span>}
        </p>
        <p className={table.faint}>
          <bdi>{user.email}</bdi>
        </p>
      </div>
      <span className={css.since}><Sentence of="team.since" parts={{ day: <Day at={member.joined_at} /> }} /></span>
      {canManage ? (
        <Menu
          align="end"
          trigger={
            <Button className={css.roleButton} aria-label={t('team.roleOf', { name, role: t(`role.${role}`) })}>
              {t(`role.${role}`)} <Icon name="down" size={12} />
            </Button>
          }
        >
          <MenuChoice label={t('team.role')} value={role} options={roleOptions(team.role)} onChange={chooseRole} />
        </Menu>
      ) : (
        <span className={css.role}>{t(`role.${role}`)}</span>
      )}
      {canManage || isMe ? (
        <Menu
          align="end"
          trigger={
            <IconButton label={t('team.moreOf', { name })}>
              <Icon name="more" />
            </IconButton>
          }
        >
          <MenuItem icon={<Icon name="exit" />} onSelect={() => onAsk(isMe ? 'leave' : 'remove')}>
            {isMe ? t('team.leave') : t('team.remove')}
          </MenuItem>
        </Menu>
      ) : (
        <span className={css.noMenu} aria-hidden="true" />
      )}
    </li>
  );
}
