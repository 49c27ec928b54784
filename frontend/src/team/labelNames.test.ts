import { expect, it } from 'vitest';
import { byName, folded } from './labelNames.ts';

it.each([
  ['ΟΔΟΣ', 'οδος'],
  ['οδοσ', 'οδος'],
  ['Straße', 'STRASSE'],
  ['STRAẞE', 'strasse'],
  ['Caf\u00e9', 'CAFE\u0301'],
])('%s and %s are one name', (a, b) => {
  expect(folded(a)).toBe(folded(b));
});

it.each([['café', 'cafe'], ['ops', 'ops2']])('%s and %s are two', (a, b) => {
  expect(folded(a)).not.toBe(folded(b));
});

it('sorts letters with accents beside those without', () => {
  const sorted = ['zebra', 'Öl', 'ähre', 'Bug', 'apfel', 'bat'].map((name) => ({ name })).sort(byName);
  expect(sorted.map(({ name }) => name)).toEqual(['ähre', 'apfel', 'bat', 'Bug', 'Öl', 'zebra']);
});
