import { useEffect } from 'react';
import { loadAhead } from '../ui/later.ts';

/**
 * Loads the rest once the first screen is drawn and nothing else is to be done: what one opens next is there at once,
 * also when the network has gone meanwhile. What can't be had is asked for again when the network is back.
 */
export function useLoadAhead(): void {
  useEffect(() => {
    const timer = setTimeout(() => {
      if ('requestIdleCallback' in window) requestIdleCallback(loadAhead, { timeout: 3_000 });
      else loadAhead();
    }, 800);
    addEventListener('online', loadAhead);
    return () => {
      clearTimeout(timer);
      removeEventListener('online', loadAhead);
    };
  }, []);
}
