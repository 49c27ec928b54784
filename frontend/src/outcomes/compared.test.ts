import { expect, test } from 'vitest';
import { compared } from './compared.ts';

const before = { id: 'bug', name: 'Bug', color: 'red' };

test.each([
  [{ ...before, name: 'Defect' }, 'saved'],
  [{ ...before, name: 'Defect', color: 'blue' }, 'saved'],
  [before, 'unsaved'],
  [{ ...before, color: 'blue' }, 'unsaved'],
  [{ ...before, name: 'Theirs' }, 'overtaken'],
])('%o is %s', (now, kind) => {
  expect(compared(now, before, { name: 'Defect' }).kind).toBe(kind);
});

test('what is gone is said to be', () => {
  expect(() => compared(undefined, before, { name: 'Defect' })).toThrow(expect.objectContaining({ status: 404 }));
});
