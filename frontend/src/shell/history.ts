/**
 * The entries of the history. An open task is one entry: opening pushes it, another task takes its place, and closing
 * goes back over it, so that Back never reopens what was closed. Links and commands just navigate; this decides how.
 * What lies over the page, such as a dialog, has an entry as well: see `ui/layers.ts`.
 */
import type { AroundNavHandler } from 'wouter';
import { navigate as push } from 'wouter/use-browser-location';

/** In the state of an entry that was pushed to open a task: the address of the entry before it. */
const OPENED_OVER = 'taskOpenedOver';

/** In the state of an entry of what lies over the page: how many such things are open. */
export const LAYERS = 'layers';

/** Going back takes a few milliseconds. */
const ARRIVES_MS = 1_000;

type Step = () => void;

/** What is to be done after the browser has gone back. */
let waiting: Step[] | undefined;

function isOpenedOver(state: unknown, address: string): boolean {
  return typeof state === 'object' && state !== null && OPENED_OVER in state && state[OPENED_OVER] === address;
}

/** How many entries of what lies over the page are between the current one and the page's own. */
export function depth(): number {
  return (history.state as { [LAYERS]?: number } | null)?.[LAYERS] ?? 0;
}

function withoutTask(url: URL): string {
  const search = new URLSearchParams(url.search);
  search.delete('task');
  search.sort();
  return `${url.pathname}?${search.toString()}`;
}

/** For wouter's router: every navigation of the page passes through it. */
export const aroundNav: AroundNavHandler = (navigate, to, options) => {
  const over = depth();
  if (over > 1) goBack(over - 1);
  if (onArrival(() => aroundNav(navigate, to, options))) return;
  const from = new URL(location.href);
  const next = new URL(to, from);
  if (next.href === from.href) {
    navigate(to, { ...options, replace: true, state: history.state as unknown });
    return;
  }
  const before = from.searchParams.get('task');
  const after = next.searchParams.get('task');
  const isSamePlace = withoutTask(from) === withoutTask(next);
  // The entry of what lies over the page becomes that of the next page, which it doesn't lie over.
  const replace = over > 0;
  if (options?.replace === true) navigate(to, replace ? { ...options, state: history.state as unknown } : options);
  else if (!isSamePlace) navigate(to, { ...options, replace });
  else if (before === null) navigate(to, { ...options, replace, state: { [OPENED_OVER]: withoutTask(from) } });
  else if (after !== null) navigate(to, { ...options, replace: true, state: history.state as unknown });
  // A filter that was set meanwhile isn't in the entry before.
  else if (isOpenedOver(history.state, withoutTask(next))) goBack(1 + over);
  else navigate(to, { ...options, replace: true, state: replace ? (history.state as unknown) : null });
};

/** Navigates from outside of the components. */
export function go(to: string): void {
  aroundNav(push, to);
}

/** Whether the page is going back; then `step` follows when it has arrived. */
export function onArrival(step: Step): boolean {
  return waiting !== undefined && waiting.push(step) > 0;
}

/** Goes back, unless it does so already. */
export function goBack(steps: number): void {
  if (waiting !== undefined) return;
  waiting = [];
  const arrive = () => {
    clearTimeout(patience);
    removeEventListener('popstate', arrive);
    const next = waiting ?? [];
    waiting = undefined;
    for (const step of next) step();
  };
  // Where there is nothing to go back to, the page goes on from here.
  const patience = setTimeout(() => {
    if (depth() > 0) history.replaceState({ ...(history.state as object), [LAYERS]: 0 }, '');
    arrive();
  }, ARRIVES_MS);
  addEventListener('popstate', arrive);
  history.go(-steps);
}

// After a reload, nothing lies over the page.
if (depth() > 0) goBack(depth());

/** Takes the step from the page's own entry: going back over what lay over it would end the loading of another page. */
export function atPage(step: Step): void {
  const over = depth();
  if (over > 0) goBack(over);
  if (!onArrival(step)) step();
}
