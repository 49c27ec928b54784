/**
 * Moments and days as the viewer reads them: in their time zone and in the formats of their browser's language. Words
 * ("yesterday", "5 min. ago") are in the language of the catalogue, as the sentences around them are.
 */
import { formatted } from './formats.ts';
import { LANGUAGE } from './index.ts';

const DAY_MS = 86_400_000;
const MINUTE_S = 60;
const HOUR_S = 3_600;
const DAY_S = 86_400;
/** Slow to make. */
const relative = new Intl.RelativeTimeFormat(LANGUAGE, { numeric: 'auto', style: 'short' });

/** "now", "3 min. ago", "yesterday". Days are calendar days: late Monday is two days ago early on Wednesday. */
export function ago(time: string, now = Date.now()): string {
  const then = new Date(time);
  // The server's clock may be ahead of this one: nothing shown here is in the future.
  const seconds = Math.max(0, Math.trunc((now - then.getTime()) / 1000));
  if (Number.isNaN(seconds)) return '';
  if (seconds < MINUTE_S) return relative.format(0, 'second');
  if (seconds < HOUR_S) return relative.format(-Math.trunc(seconds / MINUTE_S), 'minute');
  if (seconds < DAY_S) return relative.format(-Math.trunc(seconds / HOUR_S), 'hour');
  const days = -daysUntil(time, new Date(now));
  if (days < 7) return relative.format(-days, 'day');
  const months = monthsBetween(then, new Date(now));
  if (months < 1) return relative.format(-Math.trunc(days / 7), 'week');
  if (months < 12) return relative.format(-months, 'month');
  return relative.format(-Math.trunc(months / 12), 'year');
}

function monthsBetween(from: Date, to: Date): number {
  const months = (to.getFullYear() - from.getFullYear()) * 12 + to.getMonth() - from.getMonth();
  return to.getDate() < from.getDate() ? months - 1 : months;
}

/** "12 Nov 2026, 14:05". */
export function dayAndTime(time: string): string {
  return formatted(new Date(time), 'day and time', { dateStyle: 'medium', timeStyle: 'short' });
}

/** "14:05:09". */
export function clockTime(time: string): string {
  return formatted(new Date(time), 'clock', { timeStyle: 'medium' });
}

/** "12 Nov", with the year when it isn't this one. */
export function shortDay(time: string | Date, now = new Date()): string {
  const date = new Date(time);
  const day = { day: 'numeric', month: 'short' } as const;
  if (date.getFullYear() === now.getFullYear()) return formatted(date, 'day', day);
  return formatted(date, 'day of a year', { ...day, year: 'numeric' });
}

/** The same for a calendar day such as `2026-11-12`, which is that day in every time zone. */
export function calendarDay(day: string, now = new Date()): string {
  const date = new Date(`${day}T00:00:00Z`);
  const options = { day: 'numeric', month: 'short', timeZone: 'UTC' } as const;
  if (date.getUTCFullYear() === now.getFullYear()) return formatted(date, 'calendar day', options);
  return formatted(date, 'calendar day of a year', { ...options, year: 'numeric' });
}

/** The viewer's time zone as the API takes it: `Europe/Berlin`. */
export function timeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** The local day as `<input type="date">` has it. */
export function dayOf(time: string | Date): string {
  const date = new Date(time);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The day so many days from today, as `dayOf` writes it. */
export function inDays(days: number): string {
  const date = new Date();
  date.setDate(date.getDate() + days);
  return dayOf(date);
}

/** The last day that the API and `<input type="date">` can hold. */
export const LAST_DAY = '9999-12-31';

/** Whether `<input type="date">` holds a day that can be saved: not half of one, and not a year of five digits. */
export function isDay(day: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(day) && dayOf(`${day}T12:00:00`) === day;
}

/** The last minute of that local day, as the API wants it: what is due on a day may be done on that day. */
export function endOfDay(day: string): string {
  return new Date(`${day}T23:59:00`).toISOString();
}

/** The local midnight at which the day of `time` began; where clocks skip midnight, the first minute after it. */
export function startOfDay(time: number | Date): number {
  const date = new Date(time);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** Whole local days from today to the day of `time`; negative when it is over. */
export function daysUntil(time: string, now = new Date()): number {
  const midnight = (date: Date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return Math.round((midnight(new Date(time)) - midnight(now)) / DAY_MS);
}
