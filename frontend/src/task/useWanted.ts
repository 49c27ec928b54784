import { useEffect } from 'react';
import { wanted } from '../ui/stage.ts';
import { useStore } from '../ui/store.ts';

/** Runs `take` when a key asked for this part of this task. */
export function useWanted(task: string, part: 'title' | 'description' | 'comment', take: () => void): void {
  const isWanted = useStore(wanted, (now) => now?.task === task && now.part === part);
  useEffect(() => {
    if (!isWanted) return;
    wanted.set(null);
    take();
  }, [isWanted, take]);
}
