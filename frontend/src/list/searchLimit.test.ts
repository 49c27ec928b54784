import { expect, test } from 'vitest';
import { isAtLimit, searchable } from './searchLimit.ts';

test('a search has 100 characters as the server counts them, and none is cut in two', () => {
  const emoji = '🧪'.repeat(100);
  expect(searchable(emoji)).toBe(emoji);
  expect(searchable(`${emoji}x`)).toBe(emoji);
  expect(searchable('x'.repeat(101))).toBe('x'.repeat(100));
});

test('the limit is known when it is reached', () => {
  expect(isAtLimit('🧪'.repeat(99))).toBe(false);
  expect(isAtLimit('🧪'.repeat(100))).toBe(true);
});
