import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'wouter';
import { readFilters, writeFilters, type Filters } from './filters.ts';

/** The filters in the address. Changing them makes no new entry in the history. */
export function useFilters() {
  const [search, setSearch] = useSearchParams();
  const text = search.toString();
  const filters = useMemo(() => readFilters(new URLSearchParams(text)), [text]);
  const setFilters = useCallback(
    (next: Filters) => setSearch((now) => writeFilters(now, next), { replace: true }),
    [setSearch],
  );
  return { filters, setFilters };
}
