import { useEffectEvent, useLayoutEffect, type RefObject } from 'react';
import { session } from '../auth/session.ts';

/**
 * Calls `save` when a field goes away with the focus in it, as after Back: the browser reports no blur then. After the end
 * of the session, the text stays as a draft.
 */
export function useOnLeave(field: RefObject<HTMLElement | null>, save: () => void): void {
  const leave = useEffectEvent(() => {
    const isIn = session.get().phase === 'in';
    if (isIn && field.current !== null && field.current === document.activeElement) save();
  });
  useLayoutEffect(() => () => leave(), []);
}
