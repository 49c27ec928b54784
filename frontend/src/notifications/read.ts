/** Marking notifications as read: in the inbox, and by looking at their task anywhere. */
import { useQuery, useQueryClient, type InfiniteData, type QueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { api, unwrap } from '../api/client.ts';
import { asProblem } from '../api/problem.ts';
import type { Notification } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { explain } from '../ui/explain.ts';
import { toast } from '../ui/toasts.ts';
import { inboxKey, unreadKey, unreadQuery, type Unread } from './unread.ts';

type Pages = InfiniteData<{ items: Notification[]; next_cursor: string | null }>;

/** Marks the notifications of these tasks, or all of them; shown at once, and as before if the server refuses. */
export async function markRead(
  client: QueryClient,
  tasks: readonly string[] | 'all',
  why: 'asked' | 'by itself' = 'asked',
): Promise<void> {
  const isMeant = ({ task_id, read_at }: Notification) => read_at === null && (tasks === 'all' || tasks.includes(task_id));
  const now = new Date().toISOString();
  await client.cancelQueries({ queryKey: ['notifications'] });
  client.setQueriesData<Pages>({ queryKey: inboxKey }, (data) =>
    data && {
      ...data,
      pages: data.pages.map((page) => ({
        ...page,
        items: page.items.map((one) => (isMeant(one) ? { ...one, read_at: now } : one)),
      })),
    },
  );
  client.setQueryData<Unread>(unreadKey, (data) => {
    if (data === undefined || tasks === 'all') return data && { items: [], isAll: true };
    return { ...data, items: data.items.filter(({ task }) => !tasks.includes(task)) };
  });
  try {
    await send(tasks);
  } catch (error) {
    if (why === 'asked') {
      toast({ kind: 'error', text: t('inbox.notMarked'), detail: explain(asProblem(error)), about: 'mark-read' });
    }
  } finally {
    await client.invalidateQueries({ queryKey: ['notifications'] });
  }
}

async function send(tasks: readonly string[] | 'all'): Promise<void> {
  const body = tasks === 'all' ? { all: true as const } : { task_ids: [...tasks] };
  // Also when the page is left right after the click.
  await unwrap(api.POST('/api/v1/notifications/read', { body, keepalive: true }));
}

/** While this task is in sight, its notifications are read, also those that come meanwhile. */
export function useReadTask(task: string | undefined): void {
  const client = useQueryClient();
  const unread = useQuery(unreadQuery()).data;
  const newest = unread?.items.find((one) => one.task === task)?.id;
  const tried = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (task === undefined || newest === undefined) return;
    const mark = () => {
      // Once for each: after a failure it stays unread, and the inbox can mark it.
      if (document.visibilityState !== 'visible' || tried.current === newest) return;
      tried.current = newest;
      void markRead(client, [task], 'by itself');
    };
    document.addEventListener('visibilitychange', mark);
    mark();
    return () => document.removeEventListener('visibilitychange', mark);
  }, [client, task, newest]);
}
