import { expect, test } from 'vitest';
import { heldTotals } from './useSteadyGroups.ts';

const same = (totals: (number | undefined)[]) => ({ totals, steadyTotals: totals });

test('a change of others makes no folded group appear or go under the pointer, and then stays held', () => {
  expect(heldTotals(same([0, 1, 2]), [1, 0, 3], true)).toEqual([0, 1, 3]);
  expect(heldTotals({ totals: [1, 0], steadyTotals: [0, 1] }, [1, 0], false)).toEqual([0, 1]);
});

test('what the user does, and what becomes known, shows at once', () => {
  expect(heldTotals(same([0, undefined]), [1, 4], false)).toEqual([1, 4]);
  expect(heldTotals({ totals: [1], steadyTotals: [0] }, [2], false)).toEqual([2]);
});
