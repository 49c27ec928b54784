import { flushSync } from 'react-dom';
import { createStore } from './store.ts';

/** Whether the page is being printed: what draws only the rows in sight draws all of them. */
export const printing = createStore(false);

const unfolded = new Set<HTMLDetailsElement>();

const set = (isPrinting: boolean) => {
  // The browser takes the page as it is when the event's listeners have returned.
  flushSync(() => printing.set(isPrinting));
  if (isPrinting) unfold();
  else foldAgain();
};

/** Paper can't be clicked. */
function unfold(): void {
  for (const details of document.querySelectorAll<HTMLDetailsElement>('details:not([open])')) {
    details.open = true;
    unfolded.add(details);
  }
}

function foldAgain(): void {
  for (const details of unfolded) details.open = false;
  unfolded.clear();
}

addEventListener('beforeprint', () => set(true));
addEventListener('afterprint', () => set(false));
// Some browsers print without these events, and tools that make a PDF may change only the medium.
matchMedia('print').addEventListener('change', ({ matches }) => set(matches));
