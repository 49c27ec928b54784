import { expect, it } from 'vitest';
import { waitBefore } from './wait.ts';

it('waits longer with each try, within bounds, never in step', () => {
  for (let attempt = 0; attempt < 20; attempt++) {
    const longest = Math.min(15_000, 250 * 2 ** attempt);
    expect(waitBefore(attempt, 0)).toBe(longest / 2);
    expect(waitBefore(attempt, 1)).toBe(longest);
  }
});
