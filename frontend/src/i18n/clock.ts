/**
 * One clock for the whole page, so that "5 min. ago", "overdue" and the year of a date change by themselves: over
 * midnight, after sleep, in another time zone. A component is drawn anew only when what it shows has changed.
 */
import { useCallback, useSyncExternalStore } from 'react';
import { ago, startOfDay } from './dates.ts';
import { refreshFormats } from './formats.ts';

/** Timers stand still while the machine sleeps, so the clock never waits long. */
const TICK_MS = 5_000;

let now = Date.now();
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

function tick(): void {
  clearTimeout(timer);
  now = Date.now();
  refreshFormats();
  for (const listener of listeners) listener();
  if (listeners.size > 0) timer = setTimeout(tick, TICK_MS - (now % TICK_MS));
}

/** A hidden page's timers may be stopped; it catches up before it is seen. */
const onReturn = () => {
  if (document.visibilityState === 'visible') tick();
};

const EVENTS = ['focus', 'pageshow', 'languagechange'] as const;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (listeners.size === 1) {
    for (const event of EVENTS) addEventListener(event, onReturn);
    document.addEventListener('visibilitychange', onReturn);
    now = Date.now();
    refreshFormats();
    timer = setTimeout(tick, TICK_MS - (now % TICK_MS));
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearTimeout(timer);
    for (const event of EVENTS) removeEventListener(event, onReturn);
    document.removeEventListener('visibilitychange', onReturn);
  };
}

const START: Record<'minute' | 'day', (time: number) => number> = {
  minute: (time) => time - (time % 60_000),
  day: startOfDay,
};

/** When the current minute or local day began, in ms since 1970. */
export function useNow(resolution: 'minute' | 'day'): number {
  return useSyncExternalStore(subscribe, () => START[resolution](now));
}

/** How long ago `time` was, kept true. What happened after the last tick is "now". */
export function useAgo(time: string): string {
  const read = useCallback(() => ago(time, now), [time]);
  return useSyncExternalStore(subscribe, read);
}
