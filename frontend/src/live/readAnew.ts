/** Reading again what the page holds after it has changed on the server. */
import type { Query, QueryClient, QueryKey } from '@tanstack/react-query';

/** Queries that are read once more when what is under way has ended. */
const again = new WeakMap<Query, Promise<unknown>>();

/**
 * Reads again what is held under these keys, also what is being read for the first time: TanStack Query doesn't begin
 * that anew, and its answer may be older than the change. Resolves when the new answers are there.
 */
export async function readAnew(client: QueryClient, queryKey: QueryKey): Promise<void> {
  const later = client.getQueryCache().findAll({ queryKey, predicate: isToEnd }).map((query) => onceMore(client, query));
  await Promise.all([client.invalidateQueries({ queryKey, predicate: (query) => !isToEnd(query) }), ...later]);
}

/**
 * Changes what is held under this key, if anything is. What is being read may have been read before the change, and would take
 * its place: it is read once more.
 */
export function changeHeld<T>(client: QueryClient, queryKey: QueryKey, change: (now: T) => T): void {
  client.setQueryData<T>(queryKey, (now) => now && change(now));
  readAgainIfReading(client, queryKey);
}

/** What is being read under this key may be older than what has changed, and would take its place. */
export function readAgainIfReading(client: QueryClient, queryKey: QueryKey): void {
  const query = client.getQueryCache().find({ queryKey });
  if (query?.state.fetchStatus === 'fetching') void readAnew(client, queryKey);
}

/** A first read can't be begun anew, and the next page of a history would not come. */
function isToEnd({ state }: Query): boolean {
  return state.fetchStatus === 'fetching' && (state.data === undefined || state.fetchMeta?.fetchMore !== undefined);
}

function onceMore(client: QueryClient, query: Query): Promise<unknown> {
  const { queryKey } = query;
  const waiting =
    again.get(query) ??
    Promise.resolve(query.promise)
      .finally(() => again.delete(query))
      .then(() => client.invalidateQueries({ queryKey, exact: true }))
      // A read that failed says so where its data would be.
      .catch(() => undefined);
  again.set(query, waiting);
  return waiting;
}
