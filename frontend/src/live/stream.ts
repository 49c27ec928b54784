/**
 * Follows a team's log for as long as the page is open: the event stream while it holds, `changes` to catch up after
 * every gap, so that no revision is missed and none comes twice, whatever happened to the network meanwhile.
 */
import { api, authorisedFetch, unwrap } from '../api/client.ts';
import { asProblem, problemOf, unreachable } from '../api/problem.ts';
import type { TeamEvent } from '../api/types.ts';
import { SseParser, type ServerEvent } from './sse.ts';

export type LiveState = 'connecting' | 'live' | 'offline';

export interface Follow {
  team: string;
  /** The revision that the caller has; everything after it is delivered. */
  since: number;
  onEvents: (events: TeamEvent[]) => void;
  onState: (state: LiveState) => void;
  /** So much was missed that reading everything anew is cheaper; gives the revision to go on from. */
  onFarBehind: () => Promise<number>;
  /** The caller isn't in the team any more, or it is gone. */
  onGone: () => void;
  signal: AbortSignal;
}

/** The server's heartbeat comes every 15 s: without a byte for so long, the connection is dead. */
const SILENCE_MS = 40_000;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 15_000;
/** Events to catch up on before everything is read anew instead. */
const FAR_BEHIND = 2_000;
const PAGE = 200;
/** In a tab that nobody sees, the connection is let go: a browser has few per origin. */
const HIDDEN_MS = 30_000;

/** Doubling, with jitter, so that a restarted server isn't met by everybody at once. */
export function waitBefore(attempt: number, random = Math.random()): number {
  const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt);
  return longest / 2 + (longest / 2) * random;
}

/** Resolves after `ms`, or as soon as the network or the user is back, or when `signal` aborts. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener('online', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    addEventListener('online', done);
    signal.addEventListener('abort', done);
  });
}

function untilVisible(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (document.visibilityState === 'hidden' && !signal.aborted) return;
      document.removeEventListener('visibilitychange', look);
      signal.removeEventListener('abort', look);
      resolve();
    };
    document.addEventListener('visibilitychange', look);
    signal.addEventListener('abort', look);
    look();
  });
}

export async function follow(options: Follow): Promise<void> {
  const { signal } = options;
  let revision = options.since;
  let attempt = 0;
  const deliver = (events: TeamEvent[]) => {
    const fresh = events.filter((event) => event.revision > revision);
    const last = fresh.at(-1);
    if (last === undefined) return;
    revision = last.revision;
    options.onEvents(fresh);
  };

  for (let first = true; !signal.aborted; first = false) {
    try {
      await untilVisible(signal);
      if (!first) {
        options.onState('connecting');
        revision = await catchUp(options, revision, deliver);
      }
      const end = await stream(options, revision, deliver, () => {
        attempt = 0;
        options.onState('live');
      });
      if (end === 'not_a_member') {
        options.onGone();
        return;
      }
      if (end === 'token_expired') continue;
    } catch (error) {
      if (isAborted(signal)) return;
      const { status } = asProblem(error);
      if (status === 404 || status === 403) {
        options.onGone();
        return;
      }
      options.onState(navigator.onLine && status !== 0 ? 'connecting' : 'offline');
    }
    await pause(waitBefore(attempt++), signal);
  }
}

// A function, since the compiler takes what it has seen of `aborted` as settled.
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

async function catchUp(
  { team, signal, onFarBehind }: Follow,
  since: number,
  deliver: (events: TeamEvent[]) => void,
): Promise<number> {
  let revision = since;
  for (let read = 0; ; ) {
    const query = { since: revision, limit: PAGE };
    const page = await unwrap(api.GET('/api/v1/teams/{team}/changes', { params: { path: { team }, query }, signal }));
    deliver(page.items);
    revision = page.revision;
    read += page.items.length;
    if (!page.more) return revision;
    if (read >= FAR_BEHIND) return onFarBehind();
  }
}

/** Reads one connection to its end; gives the reason that the server named, if it did. */
async function stream(
  { team, signal }: Follow,
  since: number,
  deliver: (events: TeamEvent[]) => void,
  onReady: () => void,
): Promise<string | undefined> {
  const cut = new AbortController();
  const giveUp = () => cut.abort();
  let watchdog = setTimeout(giveUp, SILENCE_MS);
  let hidden: ReturnType<typeof setTimeout> | undefined;
  const onVisibility = () => {
    clearTimeout(hidden);
    if (document.visibilityState === 'hidden') hidden = setTimeout(giveUp, HIDDEN_MS);
  };
  addEventListener('offline', giveUp);
  document.addEventListener('visibilitychange', onVisibility);
  signal.addEventListener('abort', giveUp);
  try {
    const url = new URL(`/api/v1/teams/${encodeURIComponent(team)}/events`, location.origin);
    const headers = { Accept: 'text/event-stream', 'Last-Event-ID': String(since) };
    const response = await authorisedFetch(new Request(url, { headers, signal: cut.signal, cache: 'no-store' }), 'stream');
    if (!response.ok) throw problemOf(await response.json().catch(() => undefined), response);
    if (response.body === null) throw unreachable();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    const parser = new SseParser();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return undefined;
      clearTimeout(watchdog);
      watchdog = setTimeout(giveUp, SILENCE_MS);
      const events = parser.push(value);
      if (events.some(({ event }) => event === 'ready')) onReady();
      deliver(events.filter(({ event }) => event === 'change').map(change));
      const end = events.find(({ event }) => event === 'end');
      if (end !== undefined) return (JSON.parse(end.data) as { reason: string }).reason;
    }
  } finally {
    clearTimeout(watchdog);
    clearTimeout(hidden);
    removeEventListener('offline', giveUp);
    document.removeEventListener('visibilitychange', onVisibility);
    signal.removeEventListener('abort', giveUp);
    cut.abort();
  }
}

function change({ data }: ServerEvent): TeamEvent {
  return JSON.parse(data) as TeamEvent;
}
