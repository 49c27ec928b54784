/** Who has just changed what, for as long as it is worth a glance. */
import type { TeamEvent } from '../api/types.ts';
import { createStore } from '../ui/store.ts';

const LASTS_MS = 4_000;

/** The last event of others, by task. */
export const recent = createStore<ReadonlyMap<string, TeamEvent>>(new Map());
/** The newest event of others, and how many came with it. */
export const latest = createStore<{ event: TeamEvent; count: number } | null>(null);

export function notice(events: TeamEvent[]): void {
  const newest = events.at(-1);
  if (newest === undefined) return;
  recent.set((now) => {
    const next = new Map(now);
    for (const event of events) if (event.task_id !== null) next.set(event.task_id, event);
    return next;
  });
  latest.set({ event: newest, count: events.length });
  setTimeout(() => forget(events), LASTS_MS);
}

function forget(events: TeamEvent[]): void {
  recent.set((now) => {
    const next = new Map(now);
    for (const event of events) {
      if (event.task_id !== null && next.get(event.task_id) === event) next.delete(event.task_id);
    }
    return next;
  });
  latest.set((now) => (now !== null && events.includes(now.event) ? null : now));
}
