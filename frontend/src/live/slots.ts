/**
 * Which tabs of a browser hold a live stream. Over plain http a browser opens 6 connections to an origin, for all of its
 * tabs, and each stream keeps one: with 6 streams no page loads and nothing is saved. So each tab that needs a stream tells
 * the others when it was used last, and all of them come to the same order.
 */
import { createChannel, type Channel } from '../ui/channel.ts';
import { newId } from '../ui/ids.ts';

/** Half of the 6 connections: the others load and save, also in the moment when one tab takes over from another. */
export const MOST_STREAMS = 3;
/** A tab that is hidden for so long doesn't follow the log any more, whether or not another needs its slot. */
export const HIDDEN_MS = 30_000;
/** How often a tab says that it still needs a stream. */
const BEAT_MS = 5_000;
/** A tab that has said nothing for so long was closed or has crashed. Only those hidden for minutes have slower timers. */
export const SILENCE_MS = 12_000;

/** `stream` in a slot, `ask` from time to time in a visible tab without one, `wait` in a hidden one. */
export type Turn = 'stream' | 'ask' | 'wait';

interface Tab {
  isVisible: boolean;
  usedAt: number;
}

/** Null if the tab needs no stream. */
export interface Announcement {
  id: string;
  tab: Tab | null;
}

export class Slot {
  turn: Turn = 'wait';
  #me: Tab | null = null;
  #lookedAt = performance.now();
  #turnEnds = new AbortController();
  #hiding: ReturnType<typeof setTimeout> | undefined;
  readonly #id = newId();
  readonly #others = new Map<string, Tab & { heardAt: number }>();
  readonly #channel: Channel<Announcement>;
  readonly #stopListening: () => void;
  readonly #beat: ReturnType<typeof setInterval>;

  constructor(channel: Channel<Announcement>) {
    this.#channel = channel;
    this.#stopListening = channel.listen((announcement) => this.#hear(announcement));
    this.#beat = setInterval(() => this.#become(this.#me), BEAT_MS);
  }

  /** Aborts when `turn` changes. */
  get changed(): AbortSignal {
    return this.#turnEnds.signal;
  }

  /** The user looks at the tab. */
  use(): void {
    clearTimeout(this.#hiding);
    // The last of all, also where the clock was set back since.
    const newest = Math.max(0, ...[...this.#others.values()].map(({ usedAt }) => usedAt + 1));
    this.#become({ isVisible: true, usedAt: Math.max(Date.now(), newest) });
  }

  hide(): void {
    if (this.#me === null) return;
    clearTimeout(this.#hiding);
    this.#hiding = setTimeout(() => this.#become(null), HIDDEN_MS);
    this.#become({ ...this.#me, isVisible: false });
  }

  close(): void {
    clearTimeout(this.#hiding);
    clearInterval(this.#beat);
    this.#stopListening();
    this.#become(null);
  }

  #become(tab: Tab | null): void {
    if (this.#me !== null || tab !== null) this.#channel.send({ id: this.#id, tab });
    this.#me = tab;
    this.#decide();
  }

  #hear({ id, tab }: Announcement): void {
    const isNew = !this.#others.has(id);
    if (tab === null) this.#others.delete(id);
    else this.#others.set(id, { ...tab, heardAt: performance.now() });
    // A tab that has just begun knows of nobody.
    if (isNew && tab !== null && this.#me !== null) this.#channel.send({ id: this.#id, tab: this.#me });
    this.#decide();
  }

  #decide(): void {
    const now = performance.now();
    // After the machine has slept, nobody was heard, and nobody has gone because of that.
    if (now - this.#lookedAt > SILENCE_MS) for (const tab of this.#others.values()) tab.heardAt = now;
    this.#lookedAt = now;
    for (const [id, { heardAt }] of this.#others) if (now - heardAt > SILENCE_MS) this.#others.delete(id);
    const turn = this.#turnOf(this.#me);
    if (turn === this.turn) return;
    this.turn = turn;
    const ended = this.#turnEnds;
    this.#turnEnds = new AbortController();
    ended.abort();
  }

  #turnOf(me: Tab | null): Turn {
    if (me === null) return 'wait';
    const before = [...this.#others].filter(([id, tab]) => isBefore(tab, me) ?? id < this.#id);
    if (before.length < MOST_STREAMS) return 'stream';
    return me.isVisible ? 'ask' : 'wait';
  }
}

/** Visible tabs come before hidden ones, then those that were used last; undefined if neither comes first. */
function isBefore(a: Tab, b: Tab): boolean | undefined {
  if (a.isVisible !== b.isVisible) return a.isVisible;
  return a.usedAt === b.usedAt ? undefined : a.usedAt > b.usedAt;
}

const channel = createChannel<Announcement>('taskhub-streams');

/** This tab's slot, until `signal` aborts. */
export function openSlot(signal: AbortSignal): Slot {
  const slot = new Slot(channel);
  const look = () => (document.visibilityState === 'visible' ? slot.use() : slot.hide());
  document.addEventListener('visibilitychange', look, { signal });
  addEventListener('focus', look, { signal });
  signal.addEventListener('abort', () => slot.close());
  look();
  return slot;
}
