/** Whether the sidebar shows icons alone; kept in this browser. */
import { createStore } from '../ui/store.ts';

const KEY = 'taskhub.narrowSide';

function read(): boolean {
  try {
    return localStorage.getItem(KEY) !== null;
  } catch {
    return false;
  }
}

export const narrowSide = createStore(read());

export function setNarrowSide(isNarrow: boolean): void {
  narrowSide.set(isNarrow);
  try {
    if (isNarrow) localStorage.setItem(KEY, '1');
    else localStorage.removeItem(KEY);
  } catch {
    // Without storage it holds for this visit.
  }
}
