import { describe, expect, it } from 'vitest';
import { hasKeysOfItsOwn, isTyping, nameOf, type KeyPress } from './keys.ts';

const press = (key: string, code: string, also: Partial<KeyPress> = {}): string =>
  nameOf({ key, code, shiftKey: false, ctrlKey: false, metaKey: false, ...also });

describe('a key is', () => {
  it.each([
    ['what a Latin layout writes', 'c', 'KeyC', {}, 'c'],
    ['the same with Caps Lock', 'C', 'KeyC', {}, 'c'],
    ['another one with Shift', 'C', 'KeyC', { shiftKey: true }, 'Shift+c'],
    ['the same with Caps Lock and Shift', 'c', 'KeyC', { shiftKey: true }, 'Shift+c'],
    ['by its place on a Cyrillic layout', 'с', 'KeyC', {}, 'c'],
    ['by its place on a Cyrillic layout with Caps Lock', 'С', 'KeyC', {}, 'c'],
    ['by its place on a Greek layout', 'ψ', 'KeyC', {}, 'c'],
    ['by its place on a Hebrew layout', 'ב', 'KeyC', {}, 'c'],
    ['by its place on an Arabic layout', 'ؤ', 'KeyC', {}, 'c'],
    ['what AZERTY writes', 'a', 'KeyQ', {}, 'a'],
    ['what Dvorak writes', 'c', 'KeyI', {}, 'c'],
    ['nothing of ours where a layout writes é', 'é', 'Digit2', {}, 'é'],
    ['a sign by what is written', '?', 'Slash', { shiftKey: true }, '?'],
    ['a sign by what a Russian layout writes', '?', 'Digit7', { shiftKey: true }, '?'],
    ['Delete, also as Backspace', 'Backspace', 'Backspace', {}, 'Delete'],
    ['Ctrl with a letter', 'k', 'KeyK', { ctrlKey: true }, 'Ctrl+K'],
    ['Ctrl with a letter by its place', 'л', 'KeyK', { ctrlKey: true }, 'Ctrl+K'],
    ['nothing with the key of the system', 'k', 'KeyK', { metaKey: true }, ''],
  ] as const)('%s', (_, key, code, also, name) => expect(press(key, code, also)).toBe(name));
});

describe('typing', () => {
  it.each([
    ['<input>', true],
    ['<input type="date">', true],
    ['<input type="checkbox">', false],
    ['<textarea></textarea>', true],
    ['<select></select>', true],
    ['<div contenteditable="true"><p id="in"></p></div>', true],
    ['<div contenteditable="false"><p id="in"></p></div>', false],
    ['<div role="textbox"></div>', true],
    ['<button></button>', false],
  ])('%s: %s', (html, expected) => {
    const root = document.createElement('div');
    root.innerHTML = html;
    expect(isTyping(root.querySelector('#in') ?? root.firstElementChild)).toBe(expected);
  });

  it('is left to menus and dialogs', () => {
    const root = document.createElement('div');
    for (const html of ['<div role="menu"><button></button></div>', '<dialog><button></button></dialog>']) {
      root.innerHTML = html;
      expect(hasKeysOfItsOwn(root.querySelector('button'))).toBe(true);
    }
    expect(hasKeysOfItsOwn(root)).toBe(false);
  });
});
