/** How many tasks the server has for each filter that is shown. */
import type { Status, Task, TeamEvent } from '../api/types.ts';
import { countedWith, isExact, matcher, toQuery, viewer, type TaskQuery } from '../list/filters.ts';
import { counted, sumOf, withAnswer, withEvent, withPending, type ByStatus, type Counts } from './counts.ts';
import type { Pending } from './pending.ts';
import { readCounts } from './read.ts';
import type { TeamTasks } from './team-tasks.ts';
import { momentOf, type WindowSpec } from './window.ts';

/** The server is asked again when nothing has happened for so long. */
const QUIET_MS = 2_000;

/** What is counted, for all statuses of the filter together. */
export type Counted = Pick<WindowSpec, 'filters' | 'day'>;

/** With what a window is counted. */
export function countedFor(spec: WindowSpec): Counted {
  const { filters, status, day } = spec;
  const counted = status === undefined ? filters : countedWith(filters, status, momentOf(spec));
  return { filters: counted, ...(day !== undefined && { day }) };
}

interface Tally {
  query: TaskQuery | null;
  /** Otherwise the server counts more than the filter lets through. */
  isExact: boolean;
  fits: (task: Task) => boolean;
  counts: Counts | null;
  isStale: boolean;
  hasFailed: boolean;
  isReading: boolean;
  timer: ReturnType<typeof setTimeout> | undefined;
  watched: WindowSpec[];
  shown: { byStatus: ByStatus; changes: readonly Pending[]; now: ByStatus } | null;
}

function keyOf({ filters, day }: Counted): string {
  return JSON.stringify([filters, day ?? null]);
}

export class Tallies {
  readonly #of: TeamTasks;
  readonly #all = new Map<string, Tally>();

  constructor(of: TeamTasks) {
    this.#of = of;
  }

  /** Counts for this window for as long as it is shown, or its folded heading. */
  watch(spec: WindowSpec): () => void {
    const counted = countedFor(spec);
    const tally = this.#tally(counted);
    tally.watched.push(spec);
    return () => {
      tally.watched.splice(tally.watched.indexOf(spec), 1);
      if (tally.watched.length > 0) return;
      clearTimeout(tally.timer);
      this.#all.delete(keyOf(counted));
    };
  }

  #tally(spec: Counted): Tally {
    const key = keyOf(spec);
    let tally = this.#all.get(key);
    if (tally === undefined) {
      tally = {
        query: toQuery(spec.filters, momentOf(spec)),
        isExact: isExact(spec.filters, momentOf(spec)),
        fits: matcher(spec.filters, { ...viewer(), now: momentOf(spec) }),
        counts: null,
        isStale: true,
        hasFailed: false,
        isReading: false,
        timer: undefined,
        watched: [],
        shown: null,
      };
      this.#all.set(key, tally);
    }
    return tally;
  }

  /** Undefined where the server can't say it. */
  total(counted: Counted, status: Status | undefined): number | undefined {
    const tally = this.#all.get(keyOf(counted));
    if (tally === undefined || tally.counts === null || !tally.isExact) return undefined;
    const { byStatus } = tally.counts;
    const { changes, collection } = this.#of;
    if (tally.shown?.byStatus !== byStatus || tally.shown.changes !== changes) {
      tally.shown = { byStatus, changes, now: withPending(byStatus, collection.byId, changes, tally.fits) };
    }
    return status === undefined ? sumOf(tally.shown.now) : tally.shown.now[status];
  }

  apply(events: readonly TeamEvent[]): void {
    for (const tally of this.#all.values()) {
      if (tally.counts === null) continue;
      tally.counts = events.reduce((counts, event) => withEvent(counts, event, tally.fits), tally.counts);
      this.#askLater(tally);
    }
  }

  answer(before: Task | undefined, after: Task | undefined): void {
    for (const tally of this.#all.values()) {
      if (tally.counts !== null) tally.counts = withAnswer(tally.counts, before, after, tally.fits);
    }
  }

  #askLater(tally: Tally): void {
    clearTimeout(tally.timer);
    tally.timer = setTimeout(() => {
      tally.isStale = true;
      this.readOn();
    }, QUIET_MS);
  }

  /** What has been counted stays in sight; what was applied over it may be of a log that is gone. */
  renew(): void {
    for (const tally of this.#all.values()) {
      tally.isStale = true;
      if (tally.counts !== null) tally.counts = { ...tally.counts, revision: 0, steps: [], seen: new Map() };
    }
  }

  retry(): void {
    for (const tally of this.#all.values()) if (tally.hasFailed) tally.isStale = true;
  }

  readOn(): void {
    for (const tally of this.#all.values()) {
      if (tally.isReading || !tally.isStale) continue;
      if (tally.watched.some((spec) => this.#of.windows.needsCounts(spec))) void this.#read(tally);
    }
  }

  async #read(tally: Tally): Promise<void> {
    const { query } = tally;
    if (query === null || !tally.isExact) return;
    tally.isReading = true;
    tally.isStale = false;
    tally.hasFailed = false;
    const { signal } = this.#of;
    try {
      const { byStatus, revision } = await readCounts(this.#of.team, query, signal);
      if (!signal.aborted) tally.counts = counted(tally.counts, revision, byStatus);
    } catch {
      // Without them, a number is missing; they are asked for again with the next event or connection.
      tally.hasFailed = !signal.aborted;
    } finally {
      tally.isReading = false;
      this.#of.changed();
    }
  }
}
