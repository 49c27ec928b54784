/** What is said about something that was made: its name, a way to it, and a way to undo it. */
import { navigate } from 'wouter/use-browser-location';
import { api, unwrap } from '../api/client.ts';
import type { Task } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { taskPath } from '../shell/address.ts';
import type { Message } from '../ui/toasts.ts';
import { save } from './save.ts';

type Said = Omit<Message, 'kind'>;

/** "OPS-12 created", with the buttons Open and Undo. */
export function taskCreated(team: string, task: Task): Said {
  return {
    text: t('outcome.taskCreated', { key: task.key }),
    actions: [
      { label: t('outcome.open'), run: () => open(team, task.number) },
      { label: t('outcome.undo'), run: () => void undoCreate(team, task) },
    ],
  };
}

/** Stays on the board or list that is open, with its filters. */
function open(team: string, number: number): void {
  const isTasks = /^\/t\/[^/]+\/(board|list)$/.test(location.pathname) && location.pathname.startsWith(`/t/${team}/`);
  const search = new URLSearchParams(isTasks ? location.search : '');
  search.set('task', String(number));
  navigate(isTasks ? `${location.pathname}?${search.toString()}` : taskPath(team, number));
}

/** Deletes the task if nobody has changed it since. */
function undoCreate(team: string, { id, key, version }: Task) {
  const params = { path: { team, task: id }, header: { 'If-Match': `"${version}"` } };
  return save({
    what: key,
    act: 'delete',
    send: () => unwrap(api.DELETE('/api/v1/teams/{team}/tasks/{task}', { params })),
    done: () => ({ text: t('outcome.taskDeleted', { key }) }),
    reasons: { 412: t('outcome.changedSince') },
  });
}
