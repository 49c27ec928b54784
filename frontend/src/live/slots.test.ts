import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Channel } from '../ui/channel.ts';
import { HIDDEN_MS, MOST_STREAMS, SILENCE_MS, Slot, type Announcement } from './slots.ts';

/** The tabs of a browser: each hears what the others send. */
class Browser {
  readonly #listeners = new Map<number, (announcement: Announcement) => void>();
  #tabs = 0;

  open(): { slot: Slot; crash: () => void } {
    const tab = this.#tabs++;
    let hasCrashed = false;
    const channel: Channel<Announcement> = {
      send: (announcement) => {
        if (hasCrashed) return;
        for (const [other, hear] of this.#listeners) if (other !== tab) hear(announcement);
      },
      listen: (listener) => {
        this.#listeners.set(tab, listener);
        return () => this.#listeners.delete(tab);
      },
    };
    const crash = () => {
      hasCrashed = true;
      this.#listeners.delete(tab);
    };
    return { slot: new Slot(channel), crash };
  }

  /** Tabs that are looked at one after the other, and stay visible: windows. */
  windows(count: number): Slot[] {
    return Array.from({ length: count }, () => {
      const { slot } = this.open();
      use(slot);
      return slot;
    });
  }
}

function use(slot: Slot): void {
  vi.advanceTimersByTime(1);
  slot.use();
}

const turns = (slots: readonly Slot[]) => slots.map(({ turn }) => turn).join(' ');

let browser: Browser;

beforeEach(() => {
  vi.useFakeTimers();
  browser = new Browser();
});
afterEach(() => vi.useRealTimers());

it('gives slots to the windows that were used last, and the others ask', () => {
  const windows = browser.windows(8);
  const [first] = windows as [Slot];
  expect(turns(windows)).toBe('ask ask ask ask ask stream stream stream');
  use(first);
  expect(turns(windows)).toBe('stream ask ask ask ask ask stream stream');
  vi.advanceTimersByTime(60_000);
  expect(turns(windows)).toBe('stream ask ask ask ask ask stream stream');
});

it('lets a window that begins at the same moment as others come to the same order', () => {
  const slots = Array.from({ length: 5 }, () => browser.open().slot);
  for (const slot of slots) slot.use();
  expect(turns(slots).match(/stream/g)).toHaveLength(MOST_STREAMS);
});

it('takes the slot of a hidden tab at once when a visible one needs it', () => {
  const [first, second, third] = browser.windows(3) as [Slot, Slot, Slot];
  third.hide();
  expect(third.turn).toBe('stream');
  const { slot } = browser.open();
  use(slot);
  expect(turns([first, second, third, slot])).toBe('stream stream wait stream');
  use(third);
  expect(turns([first, second, third, slot])).toBe('ask stream stream stream');
});

it('leaves a hidden tab its slot for half a minute when no other needs it', () => {
  const [only] = browser.windows(1) as [Slot];
  only.hide();
  vi.advanceTimersByTime(HIDDEN_MS - 1);
  expect(only.turn).toBe('stream');
  vi.advanceTimersByTime(1);
  expect(only.turn).toBe('wait');
  use(only);
  only.hide();
  use(only);
  vi.advanceTimersByTime(2 * HIDDEN_MS);
  expect(only.turn).toBe('stream');
});

it('needs no slot in a tab that was never looked at', () => {
  const { slot } = browser.open();
  slot.hide();
  expect(turns([...browser.windows(3), slot])).toBe('stream stream stream wait');
});

it('never has more streams than slots once each tab has heard of the one that was looked at', () => {
  const tabs = Array.from({ length: 8 }, () => browser.open().slot);
  let before: Slot | undefined;
  for (const tab of tabs) {
    before?.hide();
    use(tab);
    expect(tab.turn).toBe('stream');
    expect(turns(tabs).match(/stream/g)?.length).toBeLessThanOrEqual(MOST_STREAMS);
    vi.advanceTimersByTime(1_500);
    before = tab;
  }
});

it('hands on the slot of a tab that closes at once, and of one that crashes after some seconds', () => {
  const crashing = browser.open();
  const [asking] = browser.windows(1) as [Slot];
  const [closing, ...others] = browser.windows(2) as [Slot, Slot];
  use(crashing.slot);
  use(closing);
  expect(asking.turn).toBe('ask');
  closing.close();
  expect(asking.turn).toBe('stream');
  const [last] = browser.windows(1) as [Slot];
  expect(turns([asking, ...others, crashing.slot, last])).toBe('ask stream stream stream');
  crashing.crash();
  vi.advanceTimersByTime(SILENCE_MS - 5_000);
  expect(asking.turn).toBe('ask');
  vi.advanceTimersByTime(10_000);
  expect(turns([asking, ...others, last])).toBe('stream stream stream');
});

it('tells of each change of its turn', () => {
  const [first] = browser.windows(1) as [Slot];
  const { changed } = first;
  const others = browser.windows(2);
  expect(changed.aborted).toBe(false);
  others.push(...browser.windows(1));
  expect(changed.aborted).toBe(true);
  expect([first.turn, first.changed.aborted]).toEqual(['ask', false]);
});
