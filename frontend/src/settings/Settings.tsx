import type { ReactNode } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { Link, Redirect, useLocation } from 'wouter';
import { Appearance } from '../account/Appearance.tsx';
import { Password } from '../account/Password.tsx';
import { Profile } from '../account/Profile.tsx';
import { Sessions } from '../account/Sessions.tsx';
import { atLeast, type Team, type User } from '../api/types.ts';
import shell from '../shell/shell.module.css';
import { Invitations } from '../team/Invitations.tsx';
import { Labels } from '../team/Labels.tsx';
import { Members } from '../team/Members.tsx';
import { TeamSettings } from '../team/TeamSettings.tsx';
import { Empty, Loading, Skeleton } from '../ui/States.tsx';
import {
  ACCOUNT_SECTIONS,
  accountPath,
  isAccountSection,
  isTeamSection,
  settingsPath,
  TEAM_SECTIONS,
  type AccountSection,
  type TeamSection,
} from './sections.ts';
import css from './settings.module.css';

interface Props {
  user: User;
  /** Undefined while the teams are loading. */
  team: Team | undefined;
  at: { in: 'team' | 'account'; section: string | undefined };
}

/** The settings of the open team and of the signed-in person, one section at a time. */
export default function Settings({ user, team, at }: Props) {
  const { t } = useTranslation();
  if (at.in === 'account' && !isAccountSection(at.section)) return <Redirect to={accountPath()} replace />;
  if (at.in === 'team' && team !== undefined && !isTeamSection(at.section)) {
    return <Redirect to={settingsPath(team.key)} replace />;
  }
  return (
    <main className={shell.page}>
      <header className={shell.head}>
        <h1 className={shell.headTitle}>{t('settings.title')}</h1>
      </header>
      <div className={shell.body}>
        <div className={css.layout}>
          <Sections team={team} />
          <div className={css.content}>
            {isAccountSection(at.section) && at.in === 'account' && accountSection(at.section, user)}
            {isTeamSection(at.section) && at.in === 'team' && <OfTeam section={at.section} team={team} me={user.id} />}
          </div>
        </div>
      </div>
    </main>
  );
}

function accountSection(section: AccountSection, user: User): ReactNode {
  switch (section) {
    case 'profile':
      return <Profile user={user} />;
    case 'password':
      return <Password user={user} />;
    case 'sessions':
      return <Sessions />;
    case 'appearance':
      return <Appearance />;
  }
}

function OfTeam({ section, team, me }: { section: TeamSection; team: Team | undefined; me: string }) {
  const { t } = useTranslation();
  if (team === undefined) {
    return (
      <Loading>
        <Skeleton height={200} />
      </Loading>
    );
  }
  switch (section) {
    case 'team':
      return <TeamSettings team={team} me={me} />;
    case 'members':
      return <Members team={team} me={me} />;
    case 'labels':
      return <Labels team={team} />;
    case 'invitations':
      if (atLeast(team.role, 'admin')) return <Invitations key={team.key} team={team} />;
      return <Empty icon="people" title={t('invitation.notAllowed')} text={t('invitation.notAllowedText')} />;
  }
}

function Sections({ team }: { team: Team | undefined }) {
  const { t } = useTranslation();
  const mayInvite = team !== undefined && atLeast(team.role, 'admin');
  return (
    <nav className={css.sections} aria-label={t('settings.sections')}>
      {team !== undefined && (
        <Group title={<bdi>{team.name}</bdi>} id="settings-team">
          {TEAM_SECTIONS.filter((section) => section !== 'invitations' || mayInvite).map((section) => (
            <SectionLink key={section} to={settingsPath(team.key, section)} text={t(`settings.${section}`)} />
          ))}
        </Group>
      )}
      <Group title={t('account.title')} id="settings-account">
        {ACCOUNT_SECTIONS.map((section) => (
          <SectionLink key={section} to={accountPath(section)} text={t(`settings.${section}`)} />
        ))}
      </Group>
    </nav>
  );
}

function Group({ title, id, children }: { title: ReactNode; id: string; children: ReactNode }) {
  return (
    <div className={css.group}>
      <p className={css.groupTitle} id={id}>
        {title}
      </p>
      <ul className={css.links} aria-labelledby={id}>
        {children}
      </ul>
    </div>
  );
}

function SectionLink({ to, text }: { to: string; text: string }) {
  const [path] = useLocation();
  return (
    <li>
      <Link href={to} className={css.link} aria-current={path === to ? 'page' : undefined}>
        {text}
      </Link>
    </li>
  );
}
