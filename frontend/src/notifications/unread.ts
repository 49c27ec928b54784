import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, unwrap } from '../api/client.ts';

/** Beyond this the page says `99+`. */
const COUNTED = 100;
/** What other teams bring comes by asking; what this team brings comes with its events. */
const ASK_EVERY_MS = 20_000;

export const unreadQuery = () =>
  queryOptions({
    queryKey: ['notifications', 'unread'],
    queryFn: async ({ signal }) => {
      const params = { query: { unread: true, limit: COUNTED } };
      return (await unwrap(api.GET('/api/v1/notifications', { params, signal }))).items.length;
    },
    refetchInterval: ASK_EVERY_MS,
    refetchOnWindowFocus: true,
  });

/** How many notifications haven't been read. */
export function useUnread(): number {
  return useQuery(unreadQuery()).data ?? 0;
}
