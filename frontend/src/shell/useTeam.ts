import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useLocation, useSearch } from 'wouter';
import type { Team } from '../api/types.ts';
import { teamsQuery } from '../task/queries.ts';
import { canonical, keepSearch, teamIn } from './address.ts';
import { keepLastTeam, lastTeam } from './lastTeam.ts';

/** A list of teams that is older than this is read anew before a team is called unknown: its owner may be new in it. */
const FRESH_MS = 5_000;

export interface TeamInAddress {
  teams: readonly Team[] | undefined;
  error: unknown;
  retry: () => void;
  /** The key that the address names, in small letters. */
  key: string | undefined;
  /** The team that the address names. */
  team: Team | undefined;
  /** The address names a team that isn't one of the viewer's. */
  isUnknown: boolean;
  /** The team of the sidebar and of the start page: that of the address, else the last one that was open. */
  home: Team | undefined;
  /** The address as the page writes it, when it is written otherwise. */
  redirect: string | undefined;
}

/** Which team the address means. */
export function useTeamInAddress(): TeamInAddress {
  const [path] = useLocation();
  const search = useSearch();
  const query = useQuery(teamsQuery());
  const { data, dataUpdatedAt, isFetching, refetch } = query;
  const named = teamIn(path);
  const team = named === undefined ? undefined : data?.find(({ id, key }) => key === named || id === named);
  const isMissing = named !== undefined && data !== undefined && team === undefined;
  const kept = lastTeam();
  const home = team ?? data?.find(({ key }) => key === kept) ?? data?.[0];
  const address = named === undefined ? path : canonical(path, team?.key ?? named);

  useEffect(() => {
    if (isMissing && Date.now() - dataUpdatedAt > FRESH_MS) void refetch();
  }, [isMissing, dataUpdatedAt, refetch]);
  useEffect(() => {
    if (team !== undefined) keepLastTeam(team.key);
  }, [team]);
  useEffect(() => {
    if (team !== undefined) keepSearch(team.key, path, search);
  }, [team, path, search]);

  return {
    teams: data,
    error: data === undefined ? query.error : null,
    retry: () => void refetch(),
    key: team?.key ?? named,
    team,
    isUnknown: isMissing && !isFetching,
    home,
    redirect: address === path ? undefined : `${address}${search === '' ? '' : `?${search}`}`,
  };
}
