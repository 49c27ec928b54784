/** What is said about something that was made: its name, a way to it, and a way to undo it. */
import { queryClient } from '../api/queryClient.ts';
import type { Label, Task, Team } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { current, setFilters } from '../list/current.ts';
import { isFiltering, matcher, NO_FILTERS, shownStatuses } from '../list/filters.ts';
import { taskPath } from '../shell/address.ts';
import { go } from '../shell/history.ts';
import { later, loadPatiently } from '../ui/later.ts';
import type { Message } from '../ui/toasts.ts';

const loadUndo = later(() => import('../task/undo.ts'));

export type Said = Omit<Message, 'kind'>;

/** "OPS-12 created", with the buttons Open and Undo; what the filter does to it is said, with a way to see it. */
export function taskCreated(team: string, task: Task): Said {
  const state = stateUnderFilter(team, task);
  return {
    text: t(TEXTS[state], { key: task.key }),
    series: {
      name: 'task created',
      text: (count) => t(MANY[state], { count }),
      undo: () => void loadPatiently(loadUndo).then((loaded) => loaded?.undoCreate(queryClient, team, task)),
    },
    actions: [
      ...(state !== 'found' ? [{ label: t('outcome.clearFilter'), run: () => setFilters(NO_FILTERS) }] : []),
      { label: t('outcome.open'), run: () => openTask(team, task.number) },
    ],
  };
}

export function labelCreated({ name }: Label): Said {
  return { text: t('label.created', { name }) };
}

export function teamCreated({ name, key }: Team): Said {
  return { text: t('team.created', { name, key: key.toUpperCase() }) };
}

export function invitationCreated(email: string): Said {
  return { text: t('invitation.created', { email }), detail: t('invitation.sendIt') };
}

const TEXTS = { found: 'outcome.taskCreated', kept: 'outcome.taskCreatedKept', hidden: 'outcome.taskCreatedHidden' } as const;

const MANY = { found: 'outcome.tasksCreated', kept: 'outcome.tasksCreatedKept', hidden: 'outcome.tasksCreatedHidden' } as const;

/** What was made stays in its column or group until the filter changes, though the filter doesn't find it. */
function stateUnderFilter(team: string, task: Task): keyof typeof TEXTS {
  const { team: shown, filters } = current.get();
  if (shown !== team || !isTasksOf(team) || !isFiltering(filters) || matcher(filters)(task)) return 'found';
  return shownStatuses(filters).includes(task.status) ? 'kept' : 'hidden';
}

function isTasksOf(team: string): boolean {
  return location.pathname.startsWith(`/t/${team}/`) && /\/(board|list)$/.test(location.pathname);
}

/** Stays on the board or list that is open, with its filters. */
export function openTask(team: string, number: number): void {
  const isTasks = isTasksOf(team);
  const search = new URLSearchParams(isTasks ? location.search : '');
  search.set('task', String(number));
  go(isTasks ? `${location.pathname}?${search.toString()}` : taskPath(team, number));
}
