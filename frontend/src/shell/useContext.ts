import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useLocation } from 'wouter';
import { atLeast, type Team } from '../api/types.ts';
import type { Context } from '../palette/commands.ts';
import { useTaskActions } from '../task/actions.ts';
import { tasksOf } from '../task/team-tasks.ts';
import { useOpenTask } from './address.ts';

/** What commands need, looked up when one runs: it doesn't draw anything anew when tasks change. */
export function useCommandContext(team: string, me: string): (task: string | null) => Context {
  const client = useQueryClient();
  const actions = useTaskActions(team);
  const [, navigate] = useLocation();
  const { number, openTask } = useOpenTask(team);
  return useCallback(
    (id) => {
      const ref = id ?? number;
      const task = ref === null ? undefined : tasksOf(client, team).get(ref);
      const role = client.getQueryData<Team[]>(['teams'])?.find(({ key }) => key === team)?.role;
      const canEdit = role !== undefined && atLeast(role, 'member');
      const isAdmin = role !== undefined && atLeast(role, 'admin');
      return { team, me, canEdit, isAdmin, task, actions, client, navigate, openTask };
    },
    [client, team, me, actions, navigate, number, openTask],
  );
}
