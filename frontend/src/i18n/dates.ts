/** Moments as people read them, in their time zone. */
import { i18n } from './index.ts';

const UNITS = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** A format is slow to make, and a list has hundreds of dates. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatted(date: Date, name: string, options: Intl.DateTimeFormatOptions): string {
  const key = `${i18n.language} ${name}`;
  const format = formats.get(key) ?? new Intl.DateTimeFormat(i18n.language, options);
  formats.set(key, format);
  return format.format(date);
}

/** "3 minutes ago", "yesterday". */
export function ago(time: string, now = Date.now()): string {
  const seconds = (new Date(time).getTime() - now) / 1000;
  const relative = new Intl.RelativeTimeFormat(i18n.language, { numeric: 'auto', style: 'short' });
  for (const [unit, length] of UNITS) {
    if (Math.abs(seconds) >= length) return relative.format(Math.trunc(seconds / length), unit);
  }
  return relative.format(0, 'second');
}

export function dayAndTime(time: string): string {
  return formatted(new Date(time), 'day and time', { dateStyle: 'medium', timeStyle: 'short' });
}

/** "12 Nov", with the year when it isn't this one. */
export function shortDay(time: string | Date, now = new Date()): string {
  const date = new Date(time);
  const day = { day: 'numeric', month: 'short' } as const;
  if (date.getFullYear() === now.getFullYear()) return formatted(date, 'day', day);
  return formatted(date, 'day of a year', { ...day, year: 'numeric' });
}

/** The local day as `<input type="date">` has it. */
export function dayOf(time: string | Date): string {
  const date = new Date(time);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The last minute of that local day, as the API wants it: what is due on a day may be done on that day. */
export function endOfDay(day: string): string {
  return new Date(`${day}T23:59:00`).toISOString();
}

/** Whole local days from today to the day of `time`; negative when it is over. */
export function daysUntil(time: string, now = new Date()): number {
  const midnight = (date: Date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return Math.round((midnight(new Date(time)) - midnight(now)) / 86_400_000);
}
