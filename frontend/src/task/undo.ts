/** Takes the creation of a task back, for as long as nobody else has changed the task. */
import type { QueryClient } from '@tanstack/react-query';
import { api, unwrap } from '../api/client.ts';
import type { Task } from '../api/types.ts';
import { session } from '../auth/session.ts';
import { t } from '../i18n/index.ts';
import { toast } from '../ui/toasts.ts';
import { actionsOn } from './actions.ts';
import { tasksOf } from './team-tasks.ts';

export async function undoCreate(client: QueryClient, team: string, made: Task): Promise<void> {
  const tasks = tasksOf(client, team);
  if (tasks.collection.gone.has(made.id)) {
    toast({ kind: 'info', text: t('outcome.alreadyDeleted', { key: made.key }) });
    return;
  }
  // Of a team that isn't shown any more, nothing is held.
  const shown = tasks.get(made.id) ?? (await read(team, made));
  const isOwn = shown.version === made.version || (await isChangedByMeOnly(team, made));
  // Deletes only what it is given: what has been changed meanwhile is kept.
  await actionsOn(client, team, { leftOver: 'unsent' }).remove(isOwn ? shown : made);
}

async function read(team: string, made: Task): Promise<Task> {
  const params = { path: { team, task: made.id } };
  return unwrap(api.GET('/api/v1/teams/{team}/tasks/{task}', { params })).catch(() => made);
}

/** Without an answer, what the user sees decides, as for every other deletion. */
async function isChangedByMeOnly(team: string, { id }: Task): Promise<boolean> {
  const params = { path: { team, task: id }, query: { limit: 200 } };
  const now = session.get();
  try {
    const { items, next_cursor } = await unwrap(api.GET('/api/v1/teams/{team}/tasks/{task}/history', { params }));
    return next_cursor === null && now.phase === 'in' && items.every(({ actor_id }) => actor_id === now.user.id);
  } catch {
    return true;
  }
}
