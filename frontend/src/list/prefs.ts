import { useCallback, useState } from 'react';
import { STATUSES, type Status } from '../api/types.ts';
import { toggled } from './filters.ts';
import { SORTS, type Sort } from './rows.ts';

/** How a team's list is shown in this browser. */
interface Prefs {
  sort: Sort;
  folded: readonly Status[];
}

const AT_FIRST: Prefs = { sort: 'position', folded: [] };

const keyOf = (team: string) => `taskhub.list.${team}`;

function read(team: string): Prefs {
  try {
    const kept = JSON.parse(localStorage.getItem(keyOf(team)) ?? '{}') as { sort?: unknown; folded?: unknown };
    const folded: unknown[] = Array.isArray(kept.folded) ? kept.folded : [];
    return {
      sort: SORTS.find((sort) => sort === kept.sort) ?? AT_FIRST.sort,
      folded: STATUSES.filter((status) => folded.includes(status)),
    };
  } catch {
    return AT_FIRST;
  }
}

function write(team: string, prefs: Prefs): void {
  try {
    localStorage.setItem(keyOf(team), JSON.stringify(prefs));
  } catch {
    // Without storage, they hold for this visit.
  }
}

export function useListPrefs(team: string) {
  const [prefs, setPrefs] = useState(() => read(team));
  const change = useCallback(
    (next: (now: Prefs) => Prefs) =>
      setPrefs((now) => {
        const changed = next(now);
        write(team, changed);
        return changed;
      }),
    [team],
  );
  const setSort = useCallback((sort: Sort) => change((now) => ({ ...now, sort })), [change]);
  const toggleFold = useCallback(
    (status: Status) => change((now) => ({ ...now, folded: toggled(now.folded, status) })),
    [change],
  );
  return { ...prefs, setSort, toggleFold };
}
