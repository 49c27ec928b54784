import type { QueryClient } from '@tanstack/react-query';
import { flushSync } from 'react-dom';
import { t } from '../i18n/index.ts';
import { tasksOf } from '../task/team-tasks.ts';
import { printing } from './printing.ts';
import { dismissAbout, toast } from './toasts.ts';

/** Looks this often whether everything has been read, and no longer than so long. */
const LOOK_MS = 50;
const LONGEST_MS = 15_000;
const ABOUT = 'print';

/**
 * Prints the page when it holds all its rows: while `printing` is set, board and list read what they haven't yet, and say
 * on paper what is missing.
 */
export async function printAll(client: QueryClient, team: string): Promise<void> {
  if (printing.get()) return;
  flushSync(() => printing.set(true));
  try {
    const start = Date.now();
    let quiet = 0;
    let isSaid = false;
    while (quiet < 3 && Date.now() - start < LONGEST_MS) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      quiet = isReading(client, team) ? 0 : quiet + 1;
      if (quiet > 0 || isSaid) continue;
      isSaid = true;
      toast({ kind: 'info', text: t('print.loading'), about: ABOUT, stays: true });
    }
    dismissAbout(ABOUT);
    print();
  } finally {
    printing.set(false);
  }
}

/** An open task is printed without the list behind it. */
function isReading(client: QueryClient, team: string): boolean {
  const isTask = new URLSearchParams(location.search).has('task');
  if (!isTask && tasksOf(client, team).windows.reach === 'reading') return true;
  return client.isFetching({ queryKey: ['team'] }) > 0;
}
