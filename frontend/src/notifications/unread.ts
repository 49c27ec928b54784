import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, unwrap } from '../api/client.ts';
import { createChannel } from '../ui/channel.ts';

/** Beyond this the page says `99+`. */
const COUNTED = 200;
/** What other teams bring comes by asking; what this team brings comes with its events. */
export const ASK_EVERY_MS = 20_000;

/** Tells the other tabs that notifications were marked as read. */
export const marked = createChannel<null>('taskhub-read');

export const unreadKey = ['notifications', 'unread'] as const;
export const inboxKey = ['notifications', 'list'] as const;

export interface Unread {
  /** The unread notifications, the newest first. */
  items: readonly { id: string; task: string }[];
  /** Whether these are all. */
  isAll: boolean;
}

export const unreadQuery = () =>
  queryOptions({
    queryKey: unreadKey,
    queryFn: async ({ signal }): Promise<Unread> => {
      const params = { query: { unread: true, limit: COUNTED } };
      const { items, next_cursor } = await unwrap(api.GET('/api/v1/notifications', { params, signal }));
      return { items: items.map(({ id, task_id }) => ({ id, task: task_id })), isAll: next_cursor === null };
    },
    refetchInterval: ASK_EVERY_MS,
    refetchOnWindowFocus: true,
  });

/** How many notifications haven't been read. */
export function useUnread(): number {
  return useQuery(unreadQuery()).data?.items.length ?? 0;
}
