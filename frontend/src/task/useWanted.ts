import { useEffectEvent, useLayoutEffect } from 'react';
import { wanted, type PanelPart } from '../ui/stage.ts';
import { useStore } from '../ui/useStore.ts';

/** Runs `take` when a key asked for this part of this task. */
export function useWanted(task: string, part: PanelPart, take: () => void): void {
  const isWanted = useStore(wanted, (now) => now?.task === task && now.part === part);
  const onWanted = useEffectEvent(take);
  // At once: what is typed between the drawing and the focus would be lost.
  useLayoutEffect(() => {
    if (!isWanted) return;
    onWanted();
    wanted.set(null);
  }, [isWanted]);
}
