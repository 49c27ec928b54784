/**
 * One tab at a time. On plain http there is no `navigator.locks`; there, a tab writes into localStorage until when it
 * has its turn. Should two take it at once all the same, the server gives both the same new token for ten seconds.
 */
import { newId } from '../ui/ids.ts';

const NAME = 'taskhub-session';
const LEASE = 'taskhub-session-lease';
/** A tab that has crashed doesn't keep the others waiting for longer. */
const LEASE_MS = 5_000;
/** In this time what another tab has written at the same moment is seen here. */
const SETTLE_MS = 25;

interface Lease {
  id: string;
  until: number;
}

export function oneAtATime<T>(work: () => Promise<T>): Promise<T> {
  const locks = navigator.locks as LockManager | undefined;
  return locks === undefined ? withLease(work) : locks.request(NAME, work);
}

/** The same without `navigator.locks`. */
export async function withLease<T>(work: () => Promise<T>): Promise<T> {
  const id = newId();
  const release = () => {
    if (read()?.id === id) write(undefined);
  };
  if (!(await take(id))) return work();
  addEventListener('pagehide', release);
  try {
    return await work();
  } finally {
    removeEventListener('pagehide', release);
    release();
  }
}

/** Resolves when it is this one's turn; to false where there is no storage. */
async function take(id: string): Promise<boolean> {
  for (;;) {
    const now = read();
    const left = (now?.until ?? 0) - Date.now();
    // A clock that was set back must not keep anybody waiting.
    if (now !== undefined && left > 0 && left <= LEASE_MS) {
      await untilReleased(left);
      continue;
    }
    if (!write({ id, until: Date.now() + LEASE_MS })) return false;
    await untilReleased(SETTLE_MS);
    if (read()?.id === id) return true;
  }
}

function read(): Lease | undefined {
  try {
    const [id, until] = (localStorage.getItem(LEASE) ?? '').split(' ');
    return id === undefined || until === undefined ? undefined : { id, until: Number(until) };
  } catch {
    return undefined;
  }
}

function write(lease: Lease | undefined): boolean {
  try {
    if (lease === undefined) localStorage.removeItem(LEASE);
    else localStorage.setItem(LEASE, `${lease.id} ${lease.until}`);
    return true;
  } catch {
    return false;
  }
}

/** Resolves after `ms`, or when another tab gives its turn away. */
function untilReleased(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener('storage', look);
      resolve();
    };
    const look = ({ key, newValue }: StorageEvent) => {
      if (key === LEASE && newValue === null) done();
    };
    const timer = setTimeout(done, ms);
    addEventListener('storage', look);
  });
}
