import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Collection } from '../task/collection.ts';
import { tasksKey, tasksQuery } from '../task/queries.ts';
import { createStore } from '../ui/store.ts';
import { applyEvents } from './apply.ts';
import { follow, type LiveState } from './stream.ts';

export const liveState = createStore<LiveState>('connecting');

/** Keeps what the page holds of a team as the team's log has it, from the first page of tasks on. */
export function useLive(team: string, me: string, ready: boolean): void {
  const client = useQueryClient();
  useEffect(() => {
    if (!ready) return;
    const stop = new AbortController();
    const held = () => client.getQueryData<Collection>(tasksKey(team))?.revision ?? 0;
    void follow({
      team,
      since: held(),
      onEvents: (events) => applyEvents(client, team, events, me),
      onState: (state) => liveState.set(state),
      onFarBehind: async () => {
        await client.invalidateQueries({ queryKey: ['team', team] });
        await client.query({ ...tasksQuery(client, team), staleTime: 'static' });
        return held();
      },
      onGone: () => {
        void client.invalidateQueries({ queryKey: ['teams'] });
        client.removeQueries({ queryKey: ['team', team] });
      },
      signal: stop.signal,
    });
    return () => stop.abort();
  }, [client, team, me, ready]);
}
