import { expect, it } from 'vitest';
import { dayIn } from './stats.ts';

it.each([
  ['Pacific/Auckland', '2026-11-26T11:00:00Z', '2026-11-27'],
  ['America/St_Johns', '2026-11-26T03:29:59Z', '2026-11-25'],
  ['America/St_Johns', '2026-11-26T03:30:00Z', '2026-11-26'],
  ['UTC', '2026-11-26T23:59:59Z', '2026-11-26'],
])('in %s %s is on %s', (zone, time, day) => {
  expect(dayIn(zone, time)).toBe(day);
});
