/**
 * The keys within an open menu. Radix moves the focus only after the key press has been handled, so that two presses at
 * once would move by one item. Here the focus moves with the press, also for items that are found by their letters.
 */
import type { KeyboardEvent } from 'react';
import { fold } from '../list/folded.ts';
import { isComposing } from './composing.ts';

const FORGET_MS = 1_000;

let typed = '';
let timer: ReturnType<typeof setTimeout> | undefined;

function byLetters(items: readonly HTMLElement[], at: number, letter: string): HTMLElement | undefined {
  clearTimeout(timer);
  timer = setTimeout(() => {
    typed = '';
  }, FORGET_MS);
  typed += fold(letter);
  // One letter again and again leads through the items that begin with it.
  const isRepeated = typed === typed.charAt(0).repeat(typed.length);
  const wanted = isRepeated ? fold(letter) : typed;
  const from = isRepeated ? at + 1 : Math.max(at, 0);
  const inOrder = [...items.slice(from), ...items.slice(0, from)];
  return inOrder.find((item) => fold(item.textContent.trim()).startsWith(wanted));
}

export function onMenuKey(event: KeyboardEvent<HTMLElement>): void {
  const menu = event.currentTarget;
  if (!(event.target instanceof HTMLElement) || event.target.closest('[role="menu"]') !== menu) return;
  if (event.ctrlKey || event.metaKey || event.altKey || isComposing(event.nativeEvent)) return;
  const items = [...menu.querySelectorAll<HTMLElement>('[role^="menuitem"]:not([data-disabled])')].filter(
    (item) => item.closest('[role="menu"]') === menu,
  );
  const at = items.indexOf(document.activeElement as HTMLElement);
  let next: HTMLElement | undefined;
  if (event.key === 'ArrowDown') next = items[at + 1] ?? items[0];
  else if (event.key === 'ArrowUp') next = items.at(at <= 0 ? -1 : at - 1);
  else if (event.key === 'Home') next = items[0];
  else if (event.key === 'End') next = items.at(-1);
  else if (event.key.length === 1 && (event.key !== ' ' || typed !== '')) next = byLetters(items, at, event.key) ?? items[at];
  else return;
  event.preventDefault();
  event.stopPropagation();
  next?.focus();
}
