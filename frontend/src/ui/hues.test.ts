import { expect, it } from 'vitest';
import { huesOf } from './hues.ts';

const ids = Array.from({ length: 30 }, (_, n) => `0192${String(n).padStart(4, '0')}-7000`);

it('gives twelve people twelve colours', () => {
  expect(new Set(huesOf(ids.slice(0, 12)).values()).size).toBe(12);
});

it('changes nobody’s colour when somebody joins, in whatever order they are listed', () => {
  const before = huesOf(ids.slice(0, 20));
  const after = huesOf([...ids].reverse());
  for (const [id, hue] of before) expect(after.get(id)).toBe(hue);
});

it('uses every colour before it repeats one', () => {
  const counts = new Map<number, number>();
  for (const hue of huesOf(ids.slice(0, 24)).values()) counts.set(hue, (counts.get(hue) ?? 0) + 1);
  expect([...counts.values()]).toEqual(Array.from({ length: 12 }, () => 2));
});
