import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Label, Member, Task } from '../api/types.ts';
import { useStore } from '../ui/store.ts';
import { overlay, pending } from './pending.ts';
import { labelsQuery, membersQuery, tasksQuery } from './queries.ts';

/** The team's tasks as the user is to see them: as the server has them, and over it what was just done here. */
export function useTasks(team: string) {
  const client = useQueryClient();
  const query = useQuery(tasksQuery(client, team));
  const changes = useStore(pending, (all) => all);
  const byId = query.data?.byId;
  const tasks = useMemo(() => (byId ? overlay(byId, changes, team) : []), [byId, changes, team]);
  return {
    tasks,
    isPending: query.isPending,
    isComplete: query.data?.complete ?? false,
    revision: query.data?.revision ?? null,
    error: byId === undefined ? query.error : null,
    retry: () => void query.refetch(),
  };
}

const NO_LABELS: Label[] = [];
const NO_MEMBERS: Member[] = [];

export interface Directory {
  labels: readonly Label[];
  members: readonly Member[];
  label: (id: string) => Label | undefined;
  /** Undefined for whoever has left the team. */
  member: (id: string) => Member | undefined;
}

/** Who and what the ids in tasks mean. */
export function useDirectory(team: string): Directory {
  const labels = useQuery(labelsQuery(team)).data ?? NO_LABELS;
  const members = useQuery(membersQuery(team)).data ?? NO_MEMBERS;
  return useMemo(() => {
    const labelById = new Map(labels.map((label) => [label.id, label]));
    const memberById = new Map(members.map((member) => [member.user.id, member]));
    return { labels, members, label: (id) => labelById.get(id), member: (id) => memberById.get(id) };
  }, [labels, members]);
}

export function taskByNumber(tasks: readonly Task[], number: number): Task | undefined {
  return tasks.find((task) => task.number === number);
}
