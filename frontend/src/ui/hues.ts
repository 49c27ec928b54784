/** The colours of faces. Two people of one team have the same one only when the team has more people than colours. */
import { createStore } from './store.ts';

/** As many as `ui.module.css` has. */
const HUES = 12;

/** The hue of a person whose team isn't known. */
export function hueOf(id: string): number {
  let sum = 0;
  for (const char of id) sum = (sum * 31 + char.charCodeAt(0)) % 9973;
  return sum % HUES;
}

/** A hue for each. Ids begin with the time of their making, so a newcomer changes nobody else's colour. */
export function huesOf(ids: readonly string[]): ReadonlyMap<string, number> {
  const hues = new Map<string, number>();
  let taken = new Set<number>();
  for (const id of [...ids].sort()) {
    if (taken.size === HUES) taken = new Set();
    let hue = hueOf(id);
    while (taken.has(hue)) hue = (hue + 1) % HUES;
    taken.add(hue);
    hues.set(id, hue);
  }
  return hues;
}

/** Those of the open team. */
export const hues = createStore<ReadonlyMap<string, number>>(new Map());
