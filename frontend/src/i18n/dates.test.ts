import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ago, calendarDay, dayAndTime, dayOf, daysUntil, endOfDay, isDay, shortDay, startOfDay } from './dates.ts';
import { number, refreshFormats } from './formats.ts';

const zone = process.env.TZ;

function viewer(language: string, timeZone: string): void {
  vi.spyOn(navigator, 'languages', 'get').mockReturnValue([language]);
  process.env.TZ = timeZone;
  refreshFormats();
}

beforeEach(() => viewer('en-GB', 'Europe/Berlin'));

afterEach(() => {
  vi.restoreAllMocks();
  process.env.TZ = zone;
  refreshFormats();
});

describe('formats', () => {
  const time = '2026-11-12T21:05:00Z';

  it.each([
    ['de-DE', '12. Nov.', '12.11.2026, 22:05', '1.234,5'],
    ['en-GB', '12 Nov', '12 Nov 2026, 22:05', '1,234.5'],
    ['en-US', 'Nov 12', 'Nov 12, 2026, 10:05 PM', '1,234.5'],
    ['ja-JP', '11月12日', '2026/11/12 22:05', '1,234.5'],
  ])('are those of %s', (language, day, moment, amount) => {
    viewer(language, 'Europe/Berlin');
    expect(shortDay(time, new Date('2026-06-01T00:00:00Z'))).toBe(day);
    expect(dayAndTime(time).replaceAll('\u202f', ' ')).toBe(moment);
    expect(number(1234.5)).toBe(amount);
  });

  it('are Arabic for ar-EG', () => {
    viewer('ar-EG', 'Europe/Berlin');
    expect(shortDay(time, new Date('2026-06-01T00:00:00Z'))).toBe('١٢ نوفمبر');
    expect(number(1234)).toBe('١٬٢٣٤');
  });

  it('leave words to the catalogue', () => {
    viewer('de-DE', 'Europe/Berlin');
    expect(ago('2026-11-12T21:00:00Z', Date.parse(time))).toBe('5 min. ago');
  });

  it('say nothing for what is no date', () => {
    expect(dayAndTime('never')).toBe('');
    expect(ago('never')).toBe('');
  });
});

describe('ago', () => {
  const at = (now: string, time: string) => ago(time, new Date(now).getTime());

  it('goes from now over minutes, hours and days to years', () => {
    const now = '2026-11-26T12:00:00';
    expect(at(now, '2026-11-26T11:59:01')).toBe('now');
    expect(at(now, '2026-11-26T11:59:00')).toBe('1 min. ago');
    expect(at(now, '2026-11-26T11:00:00')).toBe('1 hr. ago');
    expect(at(now, '2026-11-25T11:00:00')).toBe('yesterday');
    expect(at(now, '2026-11-20T11:00:00')).toBe('6 days ago');
    expect(at(now, '2026-11-19T11:00:00')).toBe('last wk.');
    expect(at(now, '2026-10-26T11:00:00')).toBe('last mo.');
    expect(at(now, '2025-11-27T11:00:00')).toBe('11 mo. ago');
    expect(at(now, '2025-11-26T11:00:00')).toBe('last yr.');
    expect(at(now, '2024-11-26T11:00:00')).toBe('2 yr. ago');
  });

  it('counts calendar days', () => {
    expect(at('2026-11-25T02:00:00', '2026-11-23T22:00:00')).toBe('2 days ago');
  });

  it('is never in the future, whatever the server’s clock says', () => {
    expect(at('2026-11-26T12:00:00', '2026-11-26T12:10:00')).toBe('now');
  });
});

describe('days', () => {
  it.each([
    ['Pacific/Auckland', '2026-11-26T11:30:00Z', '2026-11-27'],
    ['America/St_Johns', '2026-11-27T03:00:00Z', '2026-11-26'],
    ['Asia/Kolkata', '2026-11-26T18:45:00Z', '2026-11-27'],
  ])('are the viewer’s in %s', (timeZone, time, day) => {
    viewer('en-GB', timeZone);
    expect(dayOf(time)).toBe(day);
    expect(calendarDay(day, new Date('2026-06-01T00:00:00Z'))).toBe(`${Number(day.slice(-2))} Nov`);
    expect(dayOf(endOfDay(day))).toBe(day);
    expect(daysUntil(endOfDay(day), new Date(time))).toBe(0);
  });

  it('may be 23 or 25 hours long', () => {
    expect(daysUntil('2026-03-30T00:30:00', new Date('2026-03-28T23:30:00'))).toBe(2);
    expect(daysUntil('2026-10-26T00:30:00', new Date('2026-10-24T23:30:00'))).toBe(2);
    expect(startOfDay(new Date('2026-10-25T22:00:00'))).toBe(new Date('2026-10-25T00:00:00').getTime());
  });

  it.each([
    ['2026-02-28', true],
    ['2026-02-30', false],
    ['12026-02-28', false],
    ['', false],
    ['2026-1-1', false],
  ])('%s can be saved: %s', (day, expected) => expect(isDay(day)).toBe(expected));
});
