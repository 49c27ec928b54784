import { useState } from 'react';

/**
 * A value that is saved when it is chosen. It is shown until its outcome is known, so that a choice made meanwhile counts,
 * also one that goes back to what is saved. Gives the value to show, and what chooses another.
 */
export function useChosen<T>(saved: T, save: (value: T) => Promise<unknown>): [T, (value: T) => void] {
  const [chosen, setChosen] = useState<{ value: T } | null>(null);
  const shown = chosen === null ? saved : chosen.value;
  const choose = (value: T) => {
    if (value === shown) return;
    const mine = { value };
    setChosen(mine);
    void save(value).finally(() => setChosen((now) => (now === mine ? null : now)));
  };
  return [shown, choose];
}
