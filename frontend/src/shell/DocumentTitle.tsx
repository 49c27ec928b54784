import { useEffect } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { useLocation } from 'wouter';
import type { Team } from '../api/types.ts';
import { isolated } from '../i18n/bidi.ts';
import { number as formatNumber } from '../i18n/formats.ts';
import { useUnread } from '../notifications/unread.ts';
import { useTask } from '../task/useTasks.ts';
import { NO_SUCH_TASK, teamIn, useOpenTask } from './address.ts';

const MOST_COUNTED = 99;

/** The document's title: what is special comes first, as a tab shows only the beginning. */
export function useTitle(parts: readonly (string | undefined)[], unread = 0): void {
  const text = [...parts, 'TaskHub'].filter((part) => part !== undefined && part !== '').join(' · ');
  const count = unread > MOST_COUNTED ? `${formatNumber(MOST_COUNTED)}+` : formatNumber(unread);
  const title = unread > 0 ? `(${count}) ${text}` : text;
  useEffect(() => {
    document.title = title;
  }, [title]);
}

/** Pages by the last part of their path. */
const PAGES = {
  board: 'nav.board',
  list: 'nav.list',
  dashboard: 'nav.dashboard',
  created: 'dashboard.created',
  completed: 'dashboard.completed',
  members: 'settings.members',
  invitations: 'settings.invitations',
  labels: 'settings.labels',
  profile: 'settings.profile',
  password: 'settings.password',
  sessions: 'settings.sessions',
  appearance: 'settings.appearance',
  team: 'settings.team',
  inbox: 'nav.inbox',
  account: 'account.title',
  status: 'nav.status',
  invite: 'invite.title',
  welcome: 'firstVisit.title',
} as const;

interface Props {
  team: Team | undefined;
}

/** The title of a page of somebody signed in: `OPS-12 Fix login · Board · Operations · TaskHub`. */
export function DocumentTitle({ team }: Props) {
  const { number } = useOpenTask(team?.key ?? '');
  if (team === undefined || number === null) return <PageTitle team={team} />;
  return <TaskTitle team={team} number={number} />;
}

function PageTitle({ team, task }: Props & { task?: string }) {
  const { t } = useTranslation();
  const [path] = useLocation();
  const unread = useUnread();
  const name = path.startsWith('/inbox/') ? 'inbox' : (path.split('/').at(-1) ?? '');
  const page = t(name in PAGES ? PAGES[name as keyof typeof PAGES] : 'notFound.title');
  const isOfTeam = team !== undefined && path.startsWith('/t/') && teamIn(path) === team.key;
  useTitle([task, page, isOfTeam ? isolated(team.name) : undefined], unread);
  return null;
}

/** Apart, as it alone follows the team's tasks. */
function TaskTitle({ team, number }: { team: Team; number: number }) {
  const { task } = useTask(team.key, number);
  const { t } = useTranslation();
  const key = number === NO_SUCH_TASK ? t('task.gone') : `${team.key.toUpperCase()}-${number}`;
  return <PageTitle team={team} task={task === undefined ? key : `${task.key} ${isolated(task.title)}`} />;
}
