import type { Virtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useRef } from 'react';

interface Anchor {
  key: string;
  /** From the top of what is in sight to the top of the card, in pixels. */
  offset: number;
}

/**
 * Keeps the first card in sight where it is when cards above it come and go. At the top of a column there is nothing
 * above it, and what is new is seen.
 */
export function useAnchor(virtual: Virtualizer<HTMLDivElement, Element>, keys: readonly { id: string }[]): void {
  const anchor = useRef<Anchor | null>(null);
  const scroller = virtual.scrollElement;
  useLayoutEffect(() => {
    const before = anchor.current;
    if (before !== null && scroller !== null) {
      const index = keys.findIndex(({ id }) => id === before.key);
      const start = virtual.measurementsCache[index]?.start;
      if (start !== undefined) {
        const moved = start - before.offset - scroller.scrollTop;
        if (Math.abs(moved) >= 1) scroller.scrollBy({ top: moved, behavior: 'instant' });
      }
    }
    // Only another list of cards sets it off; scrolling only moves the anchor.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [keys]);
  useLayoutEffect(() => {
    // At the top, asking the browser would only make it compute the layout once more with every key.
    const top = (virtual.scrollOffset ?? 0) < 1 ? 0 : (scroller?.scrollTop ?? 0);
    const first = top < 1 ? undefined : virtual.getVirtualItems().find(({ end }) => end > top);
    anchor.current = first === undefined ? null : { key: String(first.key), offset: first.start - top };
  });
}
