import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '../api/client.ts';
import { asProblem } from '../api/problem.ts';
import type { Stats } from '../api/types.ts';
import { timeZone } from '../i18n/dates.ts';

export const SPANS = [7, 30, 90] as const;
export type Span = (typeof SPANS)[number];

export type Kind = 'created' | 'completed';

/** The numbers, and the time zone whose days they count. */
export interface StatsOfZone extends Stats {
  zone: string;
}

async function read(team: string, days: number, zone: string, signal: AbortSignal): Promise<StatsOfZone> {
  // UTC is the server's default.
  const params = { path: { team }, query: { days, ...(zone !== 'UTC' && { tz: zone }) } };
  return { ...(await unwrap(api.GET('/api/v1/teams/{team}/stats', { params, signal }))), zone };
}

/** `day` is the viewer's, as `useNow` has it: the time span ends with it. */
export const statsQuery = (team: string, days: number, day: number) => {
  const zone = timeZone();
  return queryOptions({
    queryKey: ['team', team, 'stats', days, zone, day],
    queryFn: async ({ signal }) => {
      try {
        return await read(team, days, zone, signal);
      } catch (error) {
        // The browser may know a newer time zone than the server.
        if (asProblem(error).status !== 400 || zone === 'UTC') throw error;
        return read(team, days, 'UTC', signal);
      }
    },
  });
};

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Slow to make. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** The day of `time` in that time zone, as `2026-11-26`. */
export function dayIn(zone: string, time: string): string {
  let format = formats.get(zone);
  // Sweden writes dates as ISO 8601 does.
  if (format === undefined) formats.set(zone, (format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' })));
  return format.format(new Date(time));
}
