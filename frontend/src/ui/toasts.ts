import { createStore } from './store.ts';

export interface Toast {
  id: number;
  kind: 'info' | 'error';
  text: string;
}

const LASTS_MS = { info: 4_000, error: 9_000 };
const MOST = 3;

export const toasts = createStore<readonly Toast[]>([]);

let last = 0;

export function toast(message: Omit<Toast, 'id'>): void {
  const id = ++last;
  toasts.set((now) => [...now, { ...message, id }].slice(-MOST));
  setTimeout(() => dismiss(id), LASTS_MS[message.kind]);
}

export function dismiss(id: number): void {
  toasts.set((now) => now.filter((one) => one.id !== id));
}
