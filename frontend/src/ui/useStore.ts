import { useSyncExternalStore } from 'react';
import type { Store } from './store.ts';

/** What `select` finds in the store; it must give the same object for the same state. */
export function useStore<T, U>(store: Store<T>, select: (value: T) => U): U {
  return useSyncExternalStore(store.subscribe, () => select(store.get()));
}
