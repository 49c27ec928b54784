import { useDeferredValue, useLayoutEffect } from 'react';
import { usePathname, useSearch } from 'wouter/use-browser-location';
import { teamIn } from '../shell/address.ts';
import { useStore } from '../ui/useStore.ts';
import { adopt, current, filterPart, isAt, setFilters } from './current.ts';
import { readFilters, type Filters } from './filters.ts';

/** The filter in force, at once. What it filters takes the deferred one of `useFilters`. */
export function useCurrentFilters(): Filters {
  const team = teamIn(usePathname());
  const address = filterPart(useSearch());
  const filters = useStore(current, (now) => now.filters);
  // After a navigation, until the effect has taken it over.
  const shown = isAt(team, address) ? filters : readFilters(new URLSearchParams(address));
  useLayoutEffect(() => adopt(team, address), [team, address]);
  return shown;
}

/** The filter for what it filters: drawn when there is time, so that typing is never slowed down. */
export function useFilters() {
  const filters = useDeferredValue(useCurrentFilters());
  return { filters, setFilters };
}
