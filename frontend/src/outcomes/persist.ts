/**
 * Sends a write until its outcome is known. A lost answer is neither a success nor a failure: what creates is sent again
 * with the same `Idempotency-Key`, and what changes is read again and compared.
 */
import { ApiProblem, asProblem, OUTCOME_UNKNOWN, unreachable } from '../api/problem.ts';
import { session } from '../auth/session.ts';
import { certaintyOf } from './certainty.ts';
import { hasGone, isOffline, takeTurn, untilReady } from './readiness.ts';
import { atOnce, inTurn, type Slot } from './turns.ts';

/** What a reading after a lost answer found: `overtaken` if somebody else has changed the same thing since. */
export type Found<T> = { kind: 'saved'; value: T } | { kind: 'unsaved' } | { kind: 'overtaken' };

export type Waiting = 'offline' | 'unreachable' | 'later' | 'session';

export interface Write<T> {
  /** `hasWaited` for the network or a new session, or was asleep: somebody may have changed the same thing meanwhile. */
  send: (hasWaited: boolean) => Promise<T>;
  /** After a lost answer: whether it was saved after all. Left out where sending twice is the same as sending once. */
  check?: () => Promise<Found<T>>;
  /** Whether to wait, for as long as the page is open, while there is no network or no session. */
  holds?: boolean;
  /** It was begun before the page was loaded, and may have been saved then. */
  isResumed?: boolean;
  /** Whether a request whose answer was lost is too old to be sent again: its outcome then stays unknown. */
  hasExpired?: () => boolean;
  onWait?: (why: Waiting) => void;
  /** Writes about the same thing are sent one after the other. */
  turn?: string;
  /** Limits how many of several writes are being sent at once. */
  slot?: Slot;
}

export type Result<T> =
  | { kind: 'saved'; value: T }
  | { kind: 'refused'; problem: ApiProblem }
  | { kind: 'unknown'; problem: ApiProblem }
  /** Who wrote it isn't signed in here any more: what came of it is for nobody else. */
  | { kind: 'gone'; problem: ApiProblem };

/** For so long after the first failure a write is tried again by itself, not counting time offline or asleep. */
const PATIENCE_MS = 15_000;
/** No request and no pause lasts so long: the computer was asleep. */
const ASLEEP_MS = 60_000;
const FIRST_WAIT_MS = 400;
const LONGEST_WAIT_MS = 4_000;

/** Doubling, with jitter. */
export function waitAfter(failures: number, random = Math.random()): number {
  const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures);
  return longest / 2 + (longest / 2) * random;
}

export async function persist<T>(write: Write<T>): Promise<Result<T>> {
  const now = session.get();
  const user = now.phase === 'in' ? now.user.id : '';
  const { holds = false, turn } = write;
  if (holds && isOffline()) write.onWait?.('offline');
  const since = watch();
  const leave = holds ? await takeTurn() : () => undefined;
  try {
    const send = () => attempts(write, user, since);
    const result = await (turn === undefined ? send() : inTurn(turn, send));
    return hasGone(user) ? { kind: 'gone', problem: unreachable() } : result;
  } finally {
    since.stop();
    leave();
  }
}

/** What has happened since a write was begun. */
interface Since {
  /** The session has ended; there may be a new one. */
  hasEnded: boolean;
  wasOffline: boolean;
  wasAsleep: boolean;
  stop: () => void;
}

function watch(): Since {
  const noteOffline = () => {
    since.wasOffline = true;
  };
  const noteSession = () => {
    since.hasEnded ||= session.get().phase !== 'in';
  };
  const stopSession = session.subscribe(noteSession);
  addEventListener('offline', noteOffline);
  const stop = () => {
    stopSession();
    removeEventListener('offline', noteOffline);
  };
  const since = { hasEnded: session.get().phase !== 'in', wasOffline: isOffline(), wasAsleep: false, stop };
  return since;
}

async function attempts<T>(write: Write<T>, user: string, since: Since): Promise<Result<T>> {
  const { send, check, holds = false, isResumed = false, onWait, slot = atOnce } = write;
  let isLost = isResumed;
  let failures = 0;
  let giveUpAt = Infinity;
  let stepAt = Date.now();
  const beginPatience = () => {
    failures = 0;
    giveUpAt = Infinity;
  };
  /** Called after whatever takes time. */
  const noteSleep = () => {
    if (Date.now() - stepAt > ASLEEP_MS) {
      since.wasAsleep = true;
      beginPatience();
    }
    stepAt = Date.now();
  };
  const end = (problem: ApiProblem): Result<T> =>
    isLost ? { kind: 'unknown', problem: new ApiProblem({ status: 0, type: OUTCOME_UNKNOWN }) } : { kind: 'refused', problem };
  for (;;) {
    if (hasGone(user)) return end(unreachable());
    if (!holds) {
      if (isOffline()) return end(unreachable());
      // Its author, who has to sign in again, finds the text in its field: it isn't sent behind their back.
      if (since.hasEnded) return end(new ApiProblem({ status: 401 }));
    } else {
      const why = isOffline() ? 'offline' : session.get().phase !== 'in' ? 'session' : undefined;
      if (why !== undefined) {
        onWait?.(why);
        beginPatience();
      }
      if (!(await untilReady(user))) return end(unreachable());
    }
    if (isLost && write.hasExpired?.() === true) return end(unreachable());
    const attempt = { isSent: false };
    let found: Found<T> | undefined;
    try {
      found = isLost ? await check?.() : undefined;
      if (found?.kind === 'saved') return found;
      if (found?.kind === 'overtaken') return { kind: 'refused', problem: overtaken() };
      const value = await slot(() => {
        attempt.isSent = true;
        return send(since.hasEnded || since.wasOffline || since.wasAsleep);
      });
      return { kind: 'saved', value };
    } catch (error) {
      noteSleep();
      const problem = asProblem(error);
      const certainty = certaintyOf(problem);
      const saysNothing = isLost && found === undefined && isAboutAccess(problem);
      if (certainty === 'refused') return saysNothing ? end(problem) : { kind: 'refused', problem };
      if (certainty === 'lost' && attempt.isSent) isLost = true;
      if (isOffline() || (certainty === 'session' && session.get().phase !== 'in')) continue;
      const wait = Math.max(problem.retryAfterMs ?? 0, waitAfter(failures++));
      giveUpAt = Math.min(giveUpAt, Date.now() + PATIENCE_MS);
      if (Date.now() + wait > giveUpAt) return end(problem);
      onWait?.(certainty === 'later' && problem.isSent ? 'later' : 'unreachable');
      await pause(wait);
      noteSleep();
    }
  }
}

/** These answers say what the user may see now, and nothing about a request that was sent before. */
function isAboutAccess({ status }: ApiProblem): boolean {
  return [403, 404, 410].includes(status);
}

/** The problem of a change that somebody else has overtaken. */
export function overtaken(): ApiProblem {
  return new ApiProblem({ status: 412 });
}

/** Resolves after `ms`, or as soon as the network comes or goes or the session ends. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      stop();
      removeEventListener('online', done);
      removeEventListener('offline', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    const stop = session.subscribe(() => {
      if (session.get().phase !== 'in') done();
    });
    addEventListener('online', done);
    addEventListener('offline', done);
  });
}
