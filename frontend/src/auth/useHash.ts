import { useSyncExternalStore } from 'react';

function subscribe(listener: () => void): () => void {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
}

/** What stands behind `#` in the address: another link, pasted into the same tab, changes this alone. */
export function useHash(): string {
  return useSyncExternalStore(subscribe, () => location.hash);
}
