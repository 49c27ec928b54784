/** Whether somebody is new: they have only the team that came with their account, and haven't said what they want. */
import type { Team, User } from '../api/types.ts';

const KEY = 'taskhub.first-visit-done';
/** The account and its own team are created in one transaction. */
const TOGETHER_MS = 5_000;
/** An account that was used elsewhere before isn't new in another browser. */
const NEW_FOR_MS = 24 * 3_600_000;

function doneBy(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

let doneNow: string | null = null;

export function isFirstVisit(user: User, teams: readonly Team[], now = Date.now()): boolean {
  const [only, ...others] = teams;
  if (only === undefined || others.length > 0 || doneNow === user.id || doneBy() === user.id) return false;
  const since = Date.parse(user.created_at);
  return now - since < NEW_FOR_MS && Math.abs(Date.parse(only.created_at) - since) < TOGETHER_MS;
}

export function endFirstVisit(user: string): void {
  doneNow = user;
  try {
    localStorage.setItem(KEY, user);
  } catch {
    // Without storage it holds until the page is loaded again.
  }
}
