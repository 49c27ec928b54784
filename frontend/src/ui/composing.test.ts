import { expect, test, vi } from 'vitest';
import { isComposing } from './composing.ts';

const now = () => new Event('now').timeStamp;
const key = (fields: Partial<Parameters<typeof isComposing>[0]>) => ({ keyCode: 13, timeStamp: now(), ...fields });

test('an Enter of the page is none of an input method', () => {
  expect(isComposing(key({ isComposing: false }))).toBe(false);
});

test('keys within a composition belong to it, in DOM and React events', () => {
  expect(isComposing(key({ isComposing: true }))).toBe(true);
  expect(isComposing(key({ nativeEvent: { isComposing: true } }))).toBe(true);
  expect(isComposing(key({ keyCode: 229 }))).toBe(true);
});

test('the Enter that ended a composition belongs to it although it is reported afterwards', () => {
  const pressed = now();
  document.body.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true }));
  expect(isComposing(key({ timeStamp: pressed }))).toBe(true);
  expect(isComposing(key({ timeStamp: now() + 1 }))).toBe(false);
});

test.each(['Escape', 'Tab'])('no other listener hears an %s that belongs to an input method', (name) => {
  const hear = vi.fn();
  document.addEventListener('keydown', hear, true);
  const press = (init: KeyboardEventInit) =>
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true, ...init }));
  press({ isComposing: true });
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- what input methods report
  press({ keyCode: 229 });
  expect(hear).not.toHaveBeenCalled();
  press({});
  expect(hear).toHaveBeenCalledOnce();
  document.removeEventListener('keydown', hear, true);
});
