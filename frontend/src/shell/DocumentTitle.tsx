import { useTranslation } from '../i18n/index.ts';
import { useLocation } from 'wouter';
import type { Team } from '../api/types.ts';
import { isolated } from '../i18n/bidi.ts';
import { useUnread } from '../notifications/unread.ts';
import { useTask } from '../task/useTasks.ts';
import { NO_SUCH_TASK, teamIn, useOpenTask } from './address.ts';
import { useTitle } from './useTitle.ts';

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
  const page = t(Object.hasOwn(PAGES, name) ? PAGES[name as keyof typeof PAGES] : 'notFound.title');
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
