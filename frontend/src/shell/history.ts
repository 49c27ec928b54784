/**
 * The entries of the history. An open task is one entry: opening pushes it, another task takes its place, and closing
 * goes back over it, so that Back never reopens what was closed. Links and commands just navigate; this decides how.
 */
import type { AroundNavHandler } from 'wouter';
import { navigate as push } from 'wouter/use-browser-location';

/** In the state of an entry that was pushed to open a task: the address of the entry before it. */
const OPENED_OVER = 'taskOpenedOver';

type Step = () => void;

/** What is to be navigated to after the browser has gone back. */
let waiting: Step[] | undefined;

function isOpenedOver(state: unknown, address: string): boolean {
  return typeof state === 'object' && state !== null && OPENED_OVER in state && state[OPENED_OVER] === address;
}

function withoutTask(url: URL): string {
  const search = new URLSearchParams(url.search);
  search.delete('task');
  search.sort();
  return `${url.pathname}?${search.toString()}`;
}

/** For wouter's router: every navigation of the page passes through it. */
export const aroundNav: AroundNavHandler = (navigate, to, options) => {
  if (waiting !== undefined) {
    waiting.push(() => aroundNav(navigate, to, options));
    return;
  }
  const from = new URL(location.href);
  const next = new URL(to, from);
  if (next.href === from.href) {
    navigate(to, { ...options, replace: true, state: history.state as unknown });
    return;
  }
  const before = from.searchParams.get('task');
  const after = next.searchParams.get('task');
  const isSamePlace = withoutTask(from) === withoutTask(next);
  if (options?.replace === true || !isSamePlace) navigate(to, options);
  else if (before === null) navigate(to, { ...options, state: { [OPENED_OVER]: withoutTask(from) } });
  else if (after !== null) navigate(to, { ...options, replace: true, state: history.state as unknown });
  // A filter that was set meanwhile isn't in the entry before.
  else if (isOpenedOver(history.state, withoutTask(next))) goBack();
  else navigate(to, { ...options, replace: true });
};

/** Navigates from outside of the components. */
export function go(to: string): void {
  aroundNav(push, to);
}

function goBack(): void {
  waiting = [];
  const onArrival = () => {
    const steps = waiting ?? [];
    waiting = undefined;
    for (const step of steps) step();
  };
  addEventListener('popstate', onArrival, { once: true });
  history.back();
}
