import { expect, it } from 'vitest';
import { withTick } from './tick.ts';

const LIST = 'Plan\r\n- [ ] one\r\n  1) [x] two\r\n> * [ ] three';

it('ticks the box of a line, whatever kind of list it is in', () => {
  expect(withTick(LIST, LIST, { line: 1, isChecked: true })).toBe(LIST.replace('[ ] one', '[x] one'));
  expect(withTick(LIST, LIST, { line: 2, isChecked: false })).toBe(LIST.replace('[x] two', '[ ] two'));
  expect(withTick(LIST, LIST, { line: 3, isChecked: true })).toBe(LIST.replace('[ ] three', '[x] three'));
});

it('finds the line by its words when others were added above or ticked', () => {
  const now = LIST.replace('Plan', 'Plan\r\n- [ ] zero').replace('[ ] three', '[x] three');
  expect(withTick(LIST, now, { line: 1, isChecked: true })).toBe(now.replace('[ ] one', '[x] one'));
});

it('changes nothing when the line is gone, or stands there twice', () => {
  expect(withTick(LIST, 'Plan', { line: 1, isChecked: true })).toBeNull();
  expect(withTick('- [ ] a', 'x\n- [ ] a\n- [ ] a', { line: 0, isChecked: true })).toBeNull();
  expect(withTick(LIST, LIST, { line: 0, isChecked: true })).toBeNull();
});
