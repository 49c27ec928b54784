import { useTranslation } from '../i18n/index.ts';
import { Link, useLocation } from 'wouter';
import { atLeast, type Team, type User } from '../api/types.ts';
import { number } from '../i18n/formats.ts';
import { liveState } from '../live/state.ts';
import { useUnread } from '../notifications/unread.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Icon, type IconName } from '../ui/Icon.tsx';
import { Menu, MenuChoice, MenuItem, MenuSeparator } from '../ui/Menu.tsx';
import { isMac, printed } from '../ui/keys.ts';
import { open } from '../ui/stage.ts';
import { useStore } from '../ui/useStore.ts';
import { accountPath, settingsPath } from '../settings/sections.ts';
import { setTheme, theme, type Theme } from '../ui/theme.ts';
import { teamPath, useTasksPath } from './address.ts';
import { askToSignOut } from './leaving.ts';
import { narrowSide, setNarrowSide } from './narrowSide.ts';
import { TeamMenu } from './TeamMenu.tsx';
import css from './shell.module.css';

const SEARCH_KEYS = `${printed('Ctrl')}${isMac ? '' : '+'}K`;

interface Props {
  user: User;
  teams: readonly Team[] | undefined;
  current: Team | undefined;
}

export function Sidebar({ user, teams, current }: Props) {
  const { t } = useTranslation();
  const unread = useUnread();
  const [path] = useLocation();
  const isAdmin = current !== undefined && atLeast(current.role, 'admin');
  const isNarrow = useStore(narrowSide, (now) => now);
  return (
    <header className={css.side} id="side" data-narrow={isNarrow || undefined}>
      <div className={css.sideTop}>
        <TeamMenu teams={teams} current={current} />
        <button
          type="button"
          className={css.sideButton}
          aria-label={t('nav.search', { keys: SEARCH_KEYS })}
          title={t('nav.search', { keys: SEARCH_KEYS })}
          onClick={() => open({ kind: 'palette', task: null })}
        >
          <Icon name="search" />
        </button>
        <button
          type="button"
          className={css.sideButton}
          aria-label={t('task.new')}
          title={t('task.new')}
          disabled={current === undefined || current.role === 'viewer'}
          onClick={() => open({ kind: 'new-task', status: 'pending' })}
        >
          <Icon name="edit" />
        </button>
      </div>
      <nav className={css.nav} aria-label={t('nav.main')}>
        {current !== undefined && (
          <>
            <ViewLink team={current.key} view="board" text={t('nav.board')} />
            <ViewLink team={current.key} view="list" text={t('nav.list')} />
          </>
        )}
        <NavLink to="/inbox" isOn={/^\/inbox(\/|$)/.test(path)} icon="inbox" text={t('nav.inbox')} count={unread} />
        {current !== undefined && (
          <>
            <NavLink to={teamPath(current.key, 'dashboard')} icon="chart" text={t('nav.dashboard')} />
            <NavLink
              to={settingsPath(current.key)}
              isOn={path.startsWith(`/t/${current.key}/settings/`)}
              icon="settings"
              text={t('nav.settings')}
            />
          </>
        )}
        <NavLink to="/account" isOn={path.startsWith('/account')} icon="person" text={t('account.title')} isMinor />
        {isAdmin && <NavLink to="/status" icon="pulse" text={t('nav.status')} isMinor />}
      </nav>
      <div className={css.sideFoot}>
        <button
          type="button"
          className={css.fold}
          aria-label={t('nav.fold')}
          title={t('nav.fold')}
          aria-pressed={isNarrow}
          onClick={() => setNarrowSide(!isNarrow)}
        >
          <Icon name="sidebar" />
          <span className={css.navText}>{t('nav.fold')}</span>
        </button>
        <LiveSign />
        <UserMenu user={user} />
      </div>
    </header>
  );
}

/** Changing the view keeps the filter. */
function ViewLink({ team, view, text }: { team: string; view: 'board' | 'list'; text: string }) {
  return <NavLink to={useTasksPath(team, view)} icon={view} text={text} />;
}

interface NavLinkProps {
  to: string;
  /** Whether it leads to the page that is open, when that page has several addresses. */
  isOn?: boolean;
  icon: IconName;
  text: string;
  count?: number;
  isMinor?: boolean;
}

function NavLink(props: NavLinkProps) {
  const { t } = useTranslation();
  const [path] = useLocation();
  const { to, icon, text, count = 0, isMinor = false } = props;
  const isOn = props.isOn ?? path === to.split('?')[0];
  return (
    <Link href={to} title={text} className={css.navLink} aria-current={isOn ? 'page' : undefined} data-minor={isMinor}>
      <Icon name={icon} />
      <span className={css.navText}>{text}</span>
      {count > 0 && (
        <span className={css.badge}>
          {count > 99 ? `${number(99)}+` : number(count)}
          <span className="visually-hidden"> {t('nav.unread')}</span>
        </span>
      )}
    </Link>
  );
}

/** Quiet while all is well. */
function LiveSign() {
  const { t } = useTranslation();
  const state = useStore(liveState, (now) => now);
  return (
    <p className={css.live} data-state={state} role="status" data-testid="live">
      <span className={css.liveDot} aria-hidden="true" />
      <span className={css.liveText}>{t(`live.${state}`)}</span>
    </p>
  );
}

function UserMenu({ user }: { user: User }) {
  const { t } = useTranslation();
  const now = useStore(theme, (value) => value);
  const [, navigate] = useLocation();
  const themes: readonly Theme[] = ['system', 'light', 'dark'];
  return (
    <Menu
      side="top"
      trigger={
        <button type="button" className={css.user} aria-label={t('nav.account', { name: user.name })}>
          <Avatar id={user.id} name={user.name} size="large" />
          <span className={css.userName} dir="auto">
            {user.name}
          </span>
        </button>
      }
    >
      <MenuChoice
        label={t('theme.title')}
        value={now}
        options={themes.map((value) => ({ value, text: t(`theme.${value}`) }))}
        onChange={setTheme}
      />
      <MenuSeparator />
      <MenuItem icon={<Icon name="person" />} onSelect={() => navigate(accountPath())}>
        {t('account.title')}
      </MenuItem>
      <MenuItem icon={<Icon name="keyboard" />} hint={<span data-keys>?</span>} onSelect={() => open({ kind: 'shortcuts' })}>
        {t('command.shortcuts')}
      </MenuItem>
      <MenuItem icon={<Icon name="exit" />} onSelect={askToSignOut}>
        {t('auth.signOut')}
      </MenuItem>
    </Menu>
  );
}
