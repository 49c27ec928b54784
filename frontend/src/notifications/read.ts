/** Marking notifications as read: in the inbox, and by looking at their task anywhere. */
import { useQuery, useQueryClient, type InfiniteData, type QueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { allPages, api, unwrap } from '../api/client.ts';
import { asProblem } from '../api/problem.ts';
import type { Notification } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { readAnew } from '../live/readAnew.ts';
import { explain } from '../ui/explain.ts';
import { toast } from '../ui/toasts.ts';
import { inboxKey, marked, unreadKey, unreadQuery, type Unread } from './unread.ts';

type Pages = InfiniteData<{ items: Notification[]; next_cursor: string | null }>;

/** Those of a task that is looked at, these, or all up to this one: nobody has seen what is newer. */
type Meant = { task: string } | { ids: readonly string[] } | { upTo: string };

/** Ids in one request. */
const AT_ONCE = 200;

function isMeant(meant: Meant, { id, task }: { id: string; task: string }): boolean {
  if ('upTo' in meant) return id <= meant.upTo;
  return 'ids' in meant ? meant.ids.includes(id) : task === meant.task;
}

/** Marks notifications as read; shown at once, and as before if the server refuses. */
export async function markRead(client: QueryClient, meant: Meant, why: 'asked' | 'by itself' = 'asked'): Promise<void> {
  const now = new Date().toISOString();
  const unread = heldUnread(client);
  await client.cancelQueries({ queryKey: ['notifications'] });
  const isRead = (one: Notification) => one.read_at === null && isMeant(meant, { id: one.id, task: one.task_id });
  client.setQueriesData<Pages>({ queryKey: inboxKey }, (data) =>
    data && {
      ...data,
      pages: data.pages.map((page) => ({
        ...page,
        items: page.items.map((one) => (isRead(one) ? { ...one, read_at: now } : one)),
      })),
    },
  );
  client.setQueryData<Unread>(unreadKey, (data) => data && { ...data, items: data.items.filter((one) => !isMeant(meant, one)) });
  try {
    if ('task' in meant) await send({ task_ids: [meant.task] });
    else if ('ids' in meant) await sendIds(meant.ids);
    else await sendIds((unread ?? (await readUnread())).filter((id) => id <= meant.upTo));
    marked.send(null);
  } catch (error) {
    if (why === 'asked') {
      toast({ kind: 'error', text: t('inbox.notMarked'), detail: explain(asProblem(error)), about: 'mark-read' });
    }
  } finally {
    await readAnew(client, ['notifications']);
  }
}

async function sendIds(ids: readonly string[]): Promise<void> {
  for (let n = 0; n < ids.length; n += AT_ONCE) await send({ ids: ids.slice(n, n + AT_ONCE) });
}

/** All that is unread, or nothing if the page holds only a part of it. The list may have been read after the count. */
function heldUnread(client: QueryClient): readonly string[] | undefined {
  const counted = client.getQueryData<Unread>(unreadKey);
  if (counted?.isAll !== true) return undefined;
  const listed = client.getQueriesData<Pages>({ queryKey: inboxKey }).flatMap(([, data]) => data?.pages ?? []);
  const unread = listed.flatMap(({ items }) => items).filter(({ read_at }) => read_at === null);
  return [...new Set([...counted.items, ...unread].map(({ id }) => id))];
}

async function readUnread(): Promise<readonly string[]> {
  const all = await allPages((cursor) => {
    const query = { unread: true, limit: AT_ONCE, ...(cursor !== undefined && { cursor }) };
    return unwrap(api.GET('/api/v1/notifications', { params: { query } }));
  });
  return all.map(({ id }) => id);
}

async function send(body: { task_ids: string[] } | { ids: string[] }): Promise<void> {
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
      void markRead(client, { task }, 'by itself');
    };
    document.addEventListener('visibilitychange', mark);
    mark();
    return () => document.removeEventListener('visibilitychange', mark);
  }, [client, task, newest]);
}
