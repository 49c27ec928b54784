/**
 * Follows a team's log for as long as the page is open: the event stream while it holds, `changes` to catch up after
 * every gap, so that no revision is missed and none is delivered twice. A visible tab that has no slot for a stream asks
 * for `changes` every few seconds (`slots.ts`). After a restore of the database the log is another one: the caller is told
 * to read everything anew.
 */
import { api, authorisedFetch, unwrap } from '../api/client.ts';
import { asProblem, problemOf, unreachable } from '../api/problem.ts';
import type { TeamEvent } from '../api/types.ts';
import { refreshSession } from '../auth/session.ts';
import { openSlot } from './slots.ts';
import { SseParser, type ServerEvent } from './sse.ts';
import { pause, untilAborted, waitBefore } from './wait.ts';

/** `asking`: without a stream, it asks every few seconds. */
export type LiveState = 'connecting' | 'live' | 'asking' | 'offline';

export interface Follow {
  team: string;
  /** The revision that the caller has; everything after it is delivered. */
  since: number;
  onEvents: (events: TeamEvent[]) => void;
  onState: (state: LiveState) => void;
  /** The team's members, their roles or names have changed, or may have during a gap. */
  onMembers: () => void;
  /**
   * What the caller holds is too old to catch up, or of a log that is gone: everything is to be read anew. Gives the
   * revision to go on from.
   */
  onReload: (why: 'far-behind' | 'log-reset') => Promise<number>;
  /** The caller isn't in the team any more, or it is gone. */
  onGone: () => void;
  signal: AbortSignal;
}

/** The server's heartbeat comes every 15 s: without a byte for so long, the connection is dead. */
const SILENCE_MS = 40_000;
/** Events to catch up on before everything is read anew instead. */
const FAR_BEHIND = 2_000;
const PAGE = 200;
/** How often a tab without a stream asks. The text `live.asking` says so. */
const ASK_EVERY_MS = 5_000;

/** The log isn't the one that was followed: the database was restored. */
class LogReset extends Error {
  override readonly name = 'LogReset';
}

/** Where in the log the caller is, and the event there, by which the log is recognised after a gap. */
class Position {
  revision: number;
  #last: string | null = null;

  constructor(revision: number) {
    this.revision = revision;
  }

  /** To be asked for from: the last event comes again, so that it can be compared. */
  get since(): number {
    return Math.max(0, this.revision - 1);
  }

  /** Those of `events` that are new. Throws if the last one isn't what it was. */
  advance(events: readonly TeamEvent[]): TeamEvent[] {
    for (const { revision, id } of events) {
      if (revision !== this.revision) continue;
      if (this.#last !== null && this.#last !== id) throw new LogReset();
      this.#last = id;
    }
    const fresh = events.filter((event) => event.revision > this.revision);
    const last = fresh.at(-1);
    if (last !== undefined) [this.revision, this.#last] = [last.revision, last.id];
    return fresh;
  }
}

export async function follow(options: Follow): Promise<void> {
  const { signal } = options;
  let position = new Position(options.since);
  let attempt = 0;
  const deliver = (events: TeamEvent[]) => {
    const fresh = position.advance(events);
    if (fresh.length > 0) options.onEvents(fresh);
  };
  const reload = async (why: 'far-behind' | 'log-reset') => {
    position = new Position(await options.onReload(why));
  };

  const slot = openSlot(signal);
  let isFirst = true;
  while (!signal.aborted) {
    const { turn, changed } = slot;
    const over = AbortSignal.any([signal, changed]);
    if (turn === 'wait') {
      await untilAborted(over);
      continue;
    }
    try {
      if (!isFirst || turn === 'ask') {
        if (turn === 'stream') options.onState('connecting');
        if (!(await catchUp(options, position, deliver))) await reload('far-behind');
        options.onMembers();
      }
      isFirst = false;
      if (turn === 'ask') {
        attempt = 0;
        options.onState('asking');
        await pause(ASK_EVERY_MS, over);
        continue;
      }
      const end = await stream(options, position.since, deliver, changed, () => {
        attempt = 0;
        options.onState('live');
      });
      if (end === 'not_a_member') {
        slot.close();
        options.onGone();
        return;
      }
      if (end === 'log_reset') throw new LogReset();
      if (end === 'token_expired' || end === 'slot_lost') continue;
      // The token itself is good for some minutes more. Without a session there is no other: the page asks to sign in.
      if (end === 'session_ended') await refreshSession();
    } catch (error) {
      if (isAborted(signal)) return;
      const { status } = asProblem(error);
      if (status === 404 || status === 403) {
        slot.close();
        options.onGone();
        return;
      }
      if (isReset(error)) {
        options.onState('connecting');
        const isDone = await reload('log-reset').then(
          () => true,
          () => false,
        );
        if (isAborted(signal)) return;
        // Without a pause only once: a server that refuses what it has just answered isn't asked in a loop.
        if (isDone && attempt++ === 0) continue;
      } else options.onState(navigator.onLine && status !== 0 ? 'connecting' : 'offline');
    }
    await pause(waitBefore(attempt++), over);
  }
}

// A function, since the compiler takes what it has seen of `aborted` as settled.
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** The server refuses a position beyond its log with 410, older ones with 400. */
function isReset(error: unknown): boolean {
  if (error instanceof LogReset) return true;
  const { status } = asProblem(error);
  return status === 410 || status === 400;
}

/** Whether the caller is up to date now; false if that would take too many events. */
async function catchUp(
  { team, signal }: Follow,
  position: Position,
  deliver: (events: TeamEvent[]) => void,
): Promise<boolean> {
  for (let [since, read] = [position.since, 0]; ; ) {
    const query = { since: String(since), limit: PAGE };
    const call = api.GET('/api/v1/teams/{team}/changes', { params: { path: { team }, query }, signal, cache: 'no-store' });
    const page = await unwrap(call);
    deliver(page.items);
    since = page.revision;
    read += page.items.length;
    if (!page.more) {
      if (since < position.revision) throw new LogReset();
      return true;
    }
    if (read >= FAR_BEHIND) return false;
  }
}

/** Reads one connection to its end; gives the reason that the server named, if it did, or that the slot was lost. */
async function stream(
  { team, signal, onMembers }: Follow,
  since: number,
  deliver: (events: TeamEvent[]) => void,
  slotChanged: AbortSignal,
  onReady: () => void,
): Promise<string | undefined> {
  const cut = new AbortController();
  const giveUp = () => cut.abort();
  let watchdog = setTimeout(giveUp, SILENCE_MS);
  const over = AbortSignal.any([cut.signal, signal, slotChanged]);
  addEventListener('offline', giveUp);
  try {
    const url = new URL(`/api/v1/teams/${encodeURIComponent(team)}/events`, location.origin);
    const headers = { Accept: 'text/event-stream', 'Last-Event-ID': String(since) };
    const response = await authorisedFetch(new Request(url, { headers, signal: over, cache: 'no-store' }), 'stream');
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
      if (events.some(({ event }) => event === 'members')) onMembers();
      const end = events.find(({ event }) => event === 'end');
      if (end !== undefined) return (JSON.parse(end.data) as { reason: string }).reason;
    }
  } catch (error) {
    if (slotChanged.aborted) return 'slot_lost';
    throw error;
  } finally {
    clearTimeout(watchdog);
    removeEventListener('offline', giveUp);
    cut.abort();
  }
}

function change({ data }: ServerEvent): TeamEvent {
  return JSON.parse(data) as TeamEvent;
}
