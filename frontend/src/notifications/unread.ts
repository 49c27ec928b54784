import { queryOptions, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
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

/** How many notifications haven't been read; the title of the page shows it too. */
export function useUnread(): number {
  const count = useQuery(unreadQuery()).data ?? 0;
  useEffect(() => {
    document.title = count > 0 ? `(${count > 99 ? '99+' : count}) TaskHub` : 'TaskHub';
  }, [count]);
  return count;
}
