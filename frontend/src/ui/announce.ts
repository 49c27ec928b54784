import { createStore } from './store.ts';

/** What a screen reader is told at once; the same words said twice in a row are told twice. */
export const announced = createStore<{ text: string; count: number }>({ text: '', count: 0 });

export function announce(text: string): void {
  announced.set(({ count }) => ({ text, count: count + 1 }));
}
