import { useState } from 'react';
import type { Task } from '../api/types.ts';
import { whose } from '../live/notice.ts';
import { held, released, type Steady } from './steady.ts';

/** The tasks of a column as they are shown while the pointer is over it, and as they are when it isn't. */
export function useSteady(tasks: readonly Task[], isHeld: boolean): Steady & { release: () => void } {
  const [now, setNow] = useState({ source: tasks, isHeld, steady: released(tasks) });
  let shown = now;
  if (now.source !== tasks || now.isHeld !== isHeld) {
    const steady = isHeld ? held(now.steady, tasks, whose) : released(tasks);
    shown = { source: tasks, isHeld, steady };
    setNow(shown);
  }
  return { ...shown.steady, release: () => setNow((one) => ({ ...one, steady: released(one.source) })) };
}
