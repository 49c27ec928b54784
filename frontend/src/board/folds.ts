import { useCallback, useState } from 'react';
import { STATUSES, type Status } from '../api/types.ts';
import { toggled } from '../list/filters.ts';

/** What few look at is folded from the start. */
const AT_FIRST: readonly Status[] = ['cancelled'];

const keyOf = (team: string) => `taskhub.folded.${team}`;

function read(team: string): readonly Status[] {
  try {
    const kept = localStorage.getItem(keyOf(team));
    return kept === null ? AT_FIRST : STATUSES.filter((status) => kept.split(',').includes(status));
  } catch {
    return AT_FIRST;
  }
}

function write(team: string, folded: readonly Status[]): void {
  try {
    localStorage.setItem(keyOf(team), folded.join(','));
  } catch {
    // Without storage, the columns fold for this visit.
  }
}

/** The folded columns of a team's board, as this browser remembers them. */
export function useFolds(team: string): [readonly Status[], (status: Status) => void] {
  const [folded, setFolded] = useState(() => read(team));
  const toggle = useCallback(
    (status: Status) =>
      setFolded((now) => {
        const next = toggled(now, status);
        write(team, next);
        return next;
      }),
    [team],
  );
  return [folded, toggle];
}
