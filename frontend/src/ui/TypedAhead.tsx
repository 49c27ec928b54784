import { useEffectEvent, useLayoutEffect } from 'react';
import { takeAhead, type Ahead } from './stage.ts';

/**
 * Stands beside a field that takes the focus when it appears, and hands over what was typed before. It takes it in the
 * same step in which the field gets the focus: in between, a key would be lost.
 */
export function TypedAhead({ onTyped }: { onTyped: (ahead: Ahead) => void }) {
  const take = useEffectEvent(() => {
    const ahead = takeAhead();
    if (ahead.text !== '' || ahead.isSent) onTyped(ahead);
  });
  useLayoutEffect(() => take(), []);
  return null;
}
