/**
 * Who is signed in. The access token lives in this module's memory and nowhere else; the session itself is an HttpOnly
 * cookie that only the browser and the server see.
 */
import { asProblem, isDone, problemOf, unreachable } from '../api/problem.ts';
import type { components } from '../api/schema.ts';
import type { User } from '../api/types.ts';
import { createStore } from '../ui/store.ts';
import { oneAtATime } from './lock.ts';
import { onNews, tellTabs } from './tabs.ts';

export type Session =
  | { phase: 'starting'; unreachable: boolean }
  /** `elsewhere`: signed out in another tab, while this one may have been written in. */
  | { phase: 'out'; expired: boolean; elsewhere?: boolean }
  | { phase: 'in'; user: User };

type Answer = components['schemas']['Session'];

export const session = createStore<Session>({ phase: 'starting', unreachable: false });

/** A token is renewed when this part of its life is over, and never used in its last seconds. */
const RENEW_AT = 0.8;
const LAST_SECONDS_MS = 10_000;
/** Between tries to reach the server at the start. */
const RETRY_MS = 2_000;

let token: string | null = null;
let expiresAt = 0;
let lifeMs = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let refreshing: Promise<string> | undefined;

function adopt(answer: Answer | undefined): string {
  // A filter on the way may answer with JSON of its own.
  if (typeof answer?.access_token !== 'string') throw unreachable();
  token = answer.access_token;
  const life = answer.expires_in * 1000;
  lifeMs = life;
  expiresAt = Date.now() + life;
  clearTimeout(timer);
  timer = setTimeout(() => void refreshSession().catch(() => undefined), life * RENEW_AT);
  session.set({ phase: 'in', user: answer.user });
  return token;
}

/** How long a token is good after its session has ended: the server doesn't look sessions up with every request. */
export function tokenMinutes(): number {
  return Math.max(1, Math.ceil(lifeMs / 60_000));
}

/** Oneself, changed. */
export function adoptUser(user: User): void {
  session.set((now) => (now.phase === 'in' ? { phase: 'in', user } : now));
}

function forget(expired: boolean, elsewhere = false): void {
  token = null;
  clearTimeout(timer);
  session.set({ phase: 'out', expired, elsewhere });
}

async function post(path: string, body: object): Promise<Answer | undefined> {
  let response: Response;
  try {
    response = await fetch(`/api/v1/auth/${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-TaskHub-Session': 'cookie' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(20_000),
    });
  } catch {
    throw unreachable();
  }
  const answer: unknown = response.status === 204 ? undefined : await response.json().catch(() => undefined);
  if (!isDone(response)) throw problemOf(answer, response);
  return answer as Answer | undefined;
}

async function renew(): Promise<string> {
  try {
    // Each renewal replaces the cookie that the next one needs.
    const answer = await oneAtATime(() => post('refresh', {}));
    return adopt(answer);
  } catch (error) {
    const { status } = asProblem(error);
    const { phase } = session.get();
    // Anything else (no network, a busy server) says nothing about the session, and one that has ended already stays so.
    if (status === 401 && phase !== 'out') forget(phase === 'in');
    throw error;
  }
}

/** A new access token; whoever asks meanwhile gets the same one. */
export function refreshSession(): Promise<string> {
  refreshing ??= renew().finally(() => {
    refreshing = undefined;
  });
  return refreshing;
}

/** The access token, renewed first if its time is over (timers sleep when the machine does). */
export function accessToken(): Promise<string> {
  if (token !== null && Date.now() < expiresAt - LAST_SECONDS_MS) return Promise.resolve(token);
  return refreshSession();
}

/** Goes on with the session of the cookie, if there is one; tries for as long as the server can't be reached. */
export async function startSession(): Promise<void> {
  for (;;) {
    try {
      await refreshSession();
      return;
    } catch (error) {
      const { status } = asProblem(error);
      if (status > 0 && status < 500 && status !== 429) {
        if (session.get().phase === 'starting') forget(false);
        return;
      }
      session.set((now) => (now.phase === 'starting' ? { phase: 'starting', unreachable: true } : now));
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

export async function signIn(credentials: { email: string; password: string }): Promise<void> {
  await enter('login', credentials);
}

/** Signs in, or up, by what `path` of the API answers. */
export async function enter(path: 'login' | 'register', body: object): Promise<void> {
  const answer = await oneAtATime(() => post(path, { ...body, session: 'cookie' }));
  adopt(answer);
  tellTabs('in');
}

/** Ends the session on the server and in every tab. */
export async function signOut(): Promise<void> {
  await oneAtATime(() => post('logout', {}));
  forget(false);
  tellTabs('out');
}

onNews((news) => {
  if (news === 'in') void refreshSession().catch(() => undefined);
  // A later release may say more.
  else if ((news as string) === 'out' && session.get().phase !== 'out') forget(false, true);
});
