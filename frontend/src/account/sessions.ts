import { queryOptions } from '@tanstack/react-query';
import { allPages, api, unwrap } from '../api/client.ts';

export const sessionsQuery = queryOptions({
  queryKey: ['me', 'sessions'],
  queryFn: ({ signal }) =>
    allPages((cursor) => {
      const query = { limit: 200, ...(cursor !== undefined && { cursor }) };
      return unwrap(api.GET('/api/v1/auth/sessions', { params: { query }, signal }));
    }),
  // What is done elsewhere isn't told.
  staleTime: 0,
});

const BROWSERS = [/(Edg)\//, /(OPR)\//, /(Firefox)\//, /(Chrome)\//, /(Safari)\//, /(curl)\//];
const SYSTEMS = [/(Android)/, /(iPhone|iPad)/, /(Windows)/, /(Mac OS X|Macintosh)/, /(Linux)/];
const NAMES: Record<string, string> = { Edg: 'Edge', OPR: 'Opera', 'Mac OS X': 'macOS', Macintosh: 'macOS' };

/** "Firefox, Windows" of a `User-Agent`; the order is that in which they pretend to be each other. */
export function deviceOf(userAgent: string): string {
  const found = [BROWSERS, SYSTEMS].map((kinds) => kinds.map((kind) => kind.exec(userAgent)?.[1]).find(Boolean));
  const known = found.filter((name) => name !== undefined).map((name) => NAMES[name] ?? name);
  return known.length > 0 ? known.join(', ') : userAgent;
}
