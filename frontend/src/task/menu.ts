/** The menu of a task: opened by right click, by the menu key, or by the button on its card or row. */
import { createStore } from '../ui/store.ts';

export interface MenuAt {
  task: string;
  x: number;
  y: number;
}

/** A new object for every time it is to be opened. */
export const menuAt = createStore<MenuAt | null>(null);

export function openTaskMenu(task: string, x: number, y: number): void {
  menuAt.set({ task, x, y });
}

/** Below this element, as for a button or for the task with the focus. */
export function openTaskMenuAt(task: string, element: Element): void {
  const { left, right, bottom } = element.getBoundingClientRect();
  const isRightToLeft = getComputedStyle(element).direction === 'rtl';
  openTaskMenu(task, isRightToLeft ? right : left, Math.min(bottom, innerHeight - 8));
}
