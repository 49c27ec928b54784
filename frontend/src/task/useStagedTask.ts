import { useEffect } from 'react';
import type { Task } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { close } from '../ui/stage.ts';
import { toast } from '../ui/toasts.ts';
import { useTask } from './useTasks.ts';

/**
 * The task that a dialog is about. When somebody deletes it meanwhile, or it can't be read, this closes the dialog:
 * keys would go on to a dialog that nobody sees.
 */
export function useStagedTask(team: string, id: string): Task | undefined {
  const { task, isGone, error } = useTask(team, id);
  const isMissing = task === undefined && (isGone || error !== null);
  useEffect(() => {
    if (!isMissing) return;
    close();
    toast({ kind: 'info', text: t(isGone ? 'errors.notFound' : 'errors.cantLoad') });
  }, [isMissing, isGone]);
  return task;
}
