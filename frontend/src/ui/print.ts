import type { QueryClient } from '@tanstack/react-query';
import { flushSync } from 'react-dom';
import { printing } from './printing.ts';

/** Looks this often whether everything has been read, and no longer than so long. */
const LOOK_MS = 50;
const LONGEST_MS = 15_000;

/** Prints the page when it holds all its rows: while `printing` is set, board and list read what they haven't yet. */
export async function printAll(client: QueryClient): Promise<void> {
  flushSync(() => printing.set(true));
  const start = Date.now();
  let quiet = 0;
  while (quiet < 3 && Date.now() - start < LONGEST_MS) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    quiet = client.isFetching({ queryKey: ['team'] }) === 0 ? quiet + 1 : 0;
  }
  print();
  printing.set(false);
}
