/** Keys as commands name them, whatever the keyboard's layout. */
import { createStore } from './store.ts';

export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

interface NavigatorData {
  readonly userAgentData?: { readonly platform: string };
}

/** On a Mac, ⌘ does what Ctrl does elsewhere. */
export const isMac = /mac|iphone|ipad/i.test((navigator as NavigatorData).userAgentData?.platform ?? navigator.userAgent);

const LATIN = /^\p{Script=Latin}$/u;
const LETTER = /^\p{L}$/u;

/**
 * The key without modifiers, letters small: `c` also with Caps Lock. A Latin letter is what the layout writes (AZERTY,
 * Dvorak); a letter of another script (Cyrillic, Greek, Hebrew) counts as the Latin one at its place.
 */
export function keyOf({ key, code }: Pick<KeyPress, 'key' | 'code'>): string {
  if (LATIN.test(key)) return key.toLowerCase();
  const [, place] = /^Key([A-Z])$/.exec(code) ?? [];
  if (LETTER.test(key) && place !== undefined) return place.toLowerCase();
  return key;
}

/** The key as the table of commands writes it: `c`, `Shift+x`, `?`, `Delete`, `Ctrl+K`. */
export function nameOf(event: KeyPress): string {
  const key = keyOf(event);
  const isLetter = LETTER.test(key);
  if (event.ctrlKey || event.metaKey) {
    const isOurs = isMac ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
    const name = isLetter ? key.toUpperCase() : key;
    return isOurs ? `Ctrl+${event.shiftKey && isLetter ? 'Shift+' : ''}${name}` : '';
  }
  if (isLetter && event.shiftKey) return `Shift+${key}`;
  return key === 'Backspace' ? 'Delete' : key;
}

/** Inputs that a letter doesn't write into. */
const WITHOUT_TEXT = new Set(['checkbox', 'radio', 'button', 'submit', 'reset', 'range', 'color', 'file', 'image']);

/** The element that a key goes to, also within a shadow root. */
export function targetOf(event: Event): Element | null {
  const [first] = event.composedPath();
  return first instanceof Element ? first : null;
}

/** Whether the element takes typed text; then letters are no shortcuts. */
export function isTyping(element: Element | null): boolean {
  if (element instanceof HTMLInputElement) return !WITHOUT_TEXT.has(element.type);
  if (element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement) return true;
  return element !== null && element.closest('[contenteditable]:not([contenteditable="false"]), [role="textbox"]') !== null;
}

/** Whether the element is in an editor of texts: beside the text, its tools and its preview. */
export function isInEditor(element: Element | null): boolean {
  return element !== null && element.closest('[data-editor]') !== null;
}

/** Menus find their items by typing, and what lies over the page has keys of its own. */
export function hasKeysOfItsOwn(element: Element | null): boolean {
  // The browser's own dialog has its role without the attribute.
  const over = 'dialog, [role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]';
  return element !== null && element.closest(over) !== null;
}

const OFF = 'taskhub.keysOff';

function read(): boolean {
  try {
    return localStorage.getItem(OFF) === null;
  } catch {
    return true;
  }
}

/** Whether single keys are shortcuts. Speech input and unsteady hands need to turn them off (WCAG 2.1.4). */
export const singleKeys = createStore(read());

export function setSingleKeys(isOn: boolean): void {
  singleKeys.set(isOn);
  try {
    if (isOn) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, '1');
  } catch {
    // Without storage it holds for this visit.
  }
}

const MAC: Record<string, string> = { Ctrl: '⌘', Delete: '⌫', Shift: '⇧', Enter: '↩', Alt: '⌥' };

/** A key as it is printed on the viewer's keyboard. */
export function printed(key: string): string {
  return isMac ? (MAC[key] ?? key) : key;
}
