import createClient from 'openapi-fetch';
import { accessToken, refreshSession, session } from '../auth/session.ts';
import { certaintyOf } from '../outcomes/certainty.ts';
import { persist } from '../outcomes/persist.ts';
import { ApiProblem, beforeSending, isDone, problemIn, problemOf, unreachable } from './problem.ts';
import type { paths } from './schema.ts';

/** After so long without an answer's head the page says so instead of waiting on. */
const PATIENCE_MS = 20_000;

async function send(request: Request, token: string | null, kind: 'call' | 'stream'): Promise<Response> {
  if (token !== null) request.headers.set('Authorization', `Bearer ${token}`);
  // A stream ends when it ends; whoever reads it keeps watch over it.
  const signal = kind === 'stream' ? request.signal : AbortSignal.any([request.signal, AbortSignal.timeout(PATIENCE_MS)]);
  const response = await fetch(request, { signal }).catch((error: unknown) => {
    throw request.signal.aborted ? error : unreachable();
  });
  if (response.ok && !isDone(response)) throw problemOf(undefined, response);
  return response;
}

function whoIsIn(): string | null {
  const now = session.get();
  return now.phase === 'in' ? now.user.id : null;
}

/** A token of `user`, as long as nobody else has signed in: what one person asks for is never sent as another. */
async function tokenOf(user: string | null, get: () => Promise<string>): Promise<string> {
  const token = await beforeSending(get());
  if (user !== null && user !== whoIsIn()) throw new ApiProblem({ status: 401 });
  return token;
}

/** Sends with the access token; when that was refused, once more with a new one. */
export async function authorisedFetch(request: Request, kind: 'call' | 'stream' = 'call'): Promise<Response> {
  const user = whoIsIn();
  const again = request.clone();
  const response = await send(request, await tokenOf(user, accessToken), kind);
  if (response.status !== 401 || (await problemIn(response)).status !== 401) return response;
  return send(again, await tokenOf(user, refreshSession), kind);
}

/** A list in a query is one value with commas. */
const querySerializer = { array: { style: 'form', explode: false } } as const;

export const api = createClient<paths>({
  baseUrl: location.origin,
  querySerializer,
  fetch: (request) => (request.headers.has('Idempotency-Key') ? sendUntilAnswered(request) : authorisedFetch(request)),
});

/** What carries a key may be sent again after a lost answer: the server makes it once. */
async function sendUntilAnswered(request: Request): Promise<Response> {
  const send = async () => {
    const response = await authorisedFetch(request.clone());
    if (response.ok) return response;
    const problem = await problemIn(response);
    if (certaintyOf(problem) !== 'refused') throw problem;
    return response;
  };
  const result = await persist({ send });
  if (result.kind !== 'saved') throw result.problem;
  return result.value;
}

/** For what anybody may ask, also without a session. */
export const openApi = createClient<paths>({
  baseUrl: location.origin,
  querySerializer,
  fetch: (request) => send(request, null, 'call'),
});

/** The data of an answer, or its problem thrown. */
export async function unwrap<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await call;
  if (error !== undefined || !response.ok) throw problemOf(error, response);
  return data as T;
}

/** All items of a list, page after page. */
export async function allPages<T>(
  page: (cursor: string | undefined) => Promise<{ items: T[]; next_cursor: string | null }>,
): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const answer = await page(cursor);
    items.push(...answer.items);
    cursor = answer.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return items;
}

export { ApiProblem };
