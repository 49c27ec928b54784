import { expect, it } from 'vitest';
import { pastedTitles } from './pastedLines.ts';

it('takes each line for a title, without its bullet', () => {
  expect(pastedTitles('- one\r\n* [ ] two\n\n  3. three\tthings\n')).toEqual(['one', 'two', 'three things']);
});

it('has nothing to ask about one line', () => {
  expect(pastedTitles('one\n\n')).toEqual([]);
  expect(pastedTitles('')).toEqual([]);
});
