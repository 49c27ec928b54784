/** Who has just changed what, for as long as it is worth a glance. */
import type { TeamEvent } from '../api/types.ts';
import { createStore } from '../ui/store.ts';

const LASTS_MS = 4_000;

/** The last event of others, by task. */
export const recent = createStore<ReadonlyMap<string, TeamEvent>>(new Map());
/** What the user has just changed: it isn't taken for what others did to it a moment before. */
export const own = createStore<ReadonlySet<string>>(new Set());
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
  own.set((now) => new Set([...now].filter((id) => !events.some(({ task_id }) => task_id === id))));
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

export function noticeOwn(id: string): void {
  if (recent.get().has(id)) recent.set((now) => new Map([...now].filter(([task]) => task !== id)));
  own.set((now) => new Set([...now, id]));
  setTimeout(() => own.set((now) => new Set([...now].filter((one) => one !== id))), LASTS_MS);
}

/** Whose the last change of a task was; undefined when it is old. */
export function whose(id: string): 'own' | 'others' | undefined {
  if (own.get().has(id)) return 'own';
  return recent.get().has(id) ? 'others' : undefined;
}
