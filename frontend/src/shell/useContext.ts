import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useLocation } from 'wouter';
import { atLeast, type Task, type Team } from '../api/types.ts';
import type { Context } from '../palette/commands.ts';
import { useTaskActions } from '../task/actions.ts';
import type { Collection } from '../task/collection.ts';
import { overlay, pending } from '../task/pending.ts';
import { tasksKey } from '../task/queries.ts';
import { useOpenTask } from './address.ts';

/** What commands need, looked up when one runs: it doesn't draw anything anew when tasks change. */
export function useCommandContext(team: string, me: string): (task: string | null) => Context {
  const client = useQueryClient();
  const actions = useTaskActions(team);
  const [, navigate] = useLocation();
  const { number, openTask } = useOpenTask(team);
  return useCallback(
    (id) => {
      const held = client.getQueryData<Collection>(tasksKey(team));
      const tasks: readonly Task[] = held === undefined ? [] : overlay(held.byId, pending.get(), team);
      const task = tasks.find((one) => (id === null ? one.number === number : one.id === id));
      const role = client.getQueryData<Team[]>(['teams'])?.find(({ key }) => key === team)?.role;
      const canEdit = role !== undefined && atLeast(role, 'member');
      return { team, me, canEdit, task, actions, client, navigate, openTask };
    },
    [client, team, me, actions, navigate, number, openTask],
  );
}
