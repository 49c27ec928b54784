/** Whether writes can be sent now: there is a network, and the person who wrote is signed in. */
import { session } from '../auth/session.ts';

export function isOffline(): boolean {
  return !navigator.onLine;
}

function state(user: string): 'ready' | 'wait' | 'gone' {
  const now = session.get();
  if (now.phase === 'in') return now.user.id !== user ? 'gone' : isOffline() ? 'wait' : 'ready';
  // A session that has ended by itself goes on when the same person signs in.
  return now.phase === 'out' && !now.expired && now.elsewhere !== true ? 'gone' : 'wait';
}

/** Whether `user` has signed out, or somebody else has signed in. */
export function hasGone(user: string): boolean {
  return state(user) === 'gone';
}

/** Resolves when `user` is signed in and there is a network; to false when they have signed out. */
export function untilReady(user: string): Promise<boolean> {
  return new Promise((resolve) => {
    const look = () => {
      const now = state(user);
      if (now === 'wait') return;
      stop();
      removeEventListener('online', look);
      resolve(now === 'ready');
    };
    const stop = session.subscribe(look);
    addEventListener('online', look);
    look();
  });
}

let tail: Promise<unknown> = Promise.resolve();
let inLine = 0;

/**
 * Writes that were begun offline go out one after the other, in the order in which they were begun. Resolves when it is
 * this one's turn, to what must be called when it is done.
 */
export async function takeTurn(): Promise<() => void> {
  if (!isOffline() && inLine === 0) return () => undefined;
  inLine++;
  const before = tail;
  let leave = (): void => undefined;
  tail = new Promise<void>((resolve) => {
    leave = () => {
      inLine--;
      resolve();
    };
  });
  await before;
  return leave;
}
