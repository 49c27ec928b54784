/**
 * The filter in force. What the user sets holds at once; the address follows, and never overwrites what is being typed.
 * Only a navigation (Back, a link) sets the filter from the address.
 */
import { navigate } from 'wouter/use-browser-location';
import { keepSearch, teamIn, teamPath } from '../shell/address.ts';
import { createStore } from '../ui/store.ts';
import { NO_FILTERS, readFilters, writeFilters, type Filters } from './filters.ts';

/** Browsers refuse an address that changes too often, and a link needs the text only when typing pauses. */
const FOLLOW_MS = 250;

interface Current {
  team: string | undefined;
  /** The filter's part of the address, as of the last write or navigation. */
  address: string;
  filters: Filters;
}

export const current = createStore<Current>({ team: undefined, address: '', filters: NO_FILTERS });

let timer: ReturnType<typeof setTimeout> | undefined;

/** The filter's part of an address, in one spelling. */
export function filterPart(search: string): string {
  return writeFilters(new URLSearchParams(), readFilters(new URLSearchParams(search))).toString();
}

export function isAt(team: string | undefined, address: string): boolean {
  const now = current.get();
  return now.team === team && now.address === address;
}

/** Takes the filter from the address, after a navigation. */
export function adopt(team: string | undefined, address: string): void {
  if (isAt(team, address)) return;
  clearTimeout(timer);
  timer = undefined;
  current.set({ team, address, filters: readFilters(new URLSearchParams(address)) });
}

export function setFilters(next: Filters | ((now: Filters) => Filters)): void {
  const now = current.get();
  const filters = typeof next === 'function' ? next(now.filters) : next;
  const isTyping = filters.text !== now.filters.text && filters.text !== '';
  current.set({ ...now, filters });
  clearTimeout(timer);
  if (isTyping) timer = setTimeout(follow, FOLLOW_MS);
  else follow();
}

/** Writes the filter to the address. It replaces the entry, so Back never steps through letters. */
function follow(): void {
  timer = undefined;
  const now = current.get();
  const { team } = now;
  if (team === undefined) return;
  const filters = { ...now.filters, text: now.filters.text.trim() };
  if (teamIn(location.pathname) !== team || !/\/(board|list)$/.test(location.pathname)) {
    // The page was left meanwhile: for the way back.
    keepSearch(team, teamPath(team, 'list'), writeFilters(new URLSearchParams(), filters).toString());
    return;
  }
  const search = writeFilters(new URLSearchParams(location.search), filters).toString();
  // Before the navigation, which draws: the new address is ours. Not through `set`, since it doesn't change the filter.
  now.address = filterPart(search);
  const path = search === '' ? location.pathname : `${location.pathname}?${search}`;
  if (path !== location.pathname + location.search) navigate(path, { replace: true, state: history.state as unknown });
}
