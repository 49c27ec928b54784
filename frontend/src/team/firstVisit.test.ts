import { beforeEach, expect, it } from 'vitest';
import type { Team } from '../api/types.ts';
import { endFirstVisit, isFirstVisit } from './firstVisit.ts';

const CREATED = '2026-11-01T10:00:00.000000Z';
const NOW = Date.parse('2026-11-01T10:01:00Z');
const user = { id: 'ann', email: 'ann@example.com', name: 'Ann', created_at: CREATED };
const team = (fields: Partial<Team> = {}): Team => ({ id: 'own', key: 'ann', name: 'Ann', role: 'owner', created_at: CREATED, ...fields });

beforeEach(() => localStorage.clear());

it('is a first visit with nothing but one’s own new team', () => {
  expect(isFirstVisit(user, [team()], NOW)).toBe(true);
});

it('is none for an invited person, who has another team', () => {
  expect(isFirstVisit(user, [team(), team({ id: 'ops', key: 'ops' })], NOW)).toBe(false);
  expect(isFirstVisit(user, [team({ created_at: '2026-10-01T10:00:00Z' })], NOW)).toBe(false);
});

it('is none for an account of yesterday', () => {
  expect(isFirstVisit(user, [team()], NOW + 25 * 3_600_000)).toBe(false);
});

it('ends', () => {
  endFirstVisit('ann');
  expect(isFirstVisit(user, [team()], NOW)).toBe(false);
  expect(isFirstVisit({ ...user, id: 'bob' }, [team()], NOW)).toBe(true);
});
