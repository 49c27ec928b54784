import { expect, it } from 'vitest';
import { merged } from './merge.ts';

const BASE = 'one\ntwo\nthree\nfour\nfive';

it('joins changes of different lines', () => {
  expect(merged(BASE, BASE.replace('one', 'ONE'), BASE.replace('five', 'FIVE\nsix'))).toBe('ONE\ntwo\nthree\nfour\nFIVE\nsix');
  expect(merged(BASE, BASE.replace('two\n', ''), BASE.replace('four', 'a\nb'))).toBe('one\nthree\na\nb\nfive');
  expect(merged('', 'mine', '')).toBe('mine');
});

it('leaves changes of the same lines to the author', () => {
  expect(merged(BASE, BASE.replace('two', 'mine'), BASE.replace('two', 'theirs'))).toBeNull();
  expect(merged('', 'mine', 'theirs')).toBeNull();
  expect(merged(BASE, `${BASE}\nmine`, `${BASE}\ntheirs`)).toBeNull();
});
