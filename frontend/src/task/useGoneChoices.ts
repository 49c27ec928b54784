import { useQuery } from '@tanstack/react-query';
import { useEffect, useEffectEvent } from 'react';
import type { Task } from '../api/types.ts';
import { listed } from '../i18n/bidi.ts';
import { t } from '../i18n/index.ts';
import { toast } from '../ui/toasts.ts';
import { labelsQuery, peopleQuery } from './queries.ts';
import { directoryOf } from './useTasks.ts';

type Chosen = Pick<Task, 'assignees' | 'labels'>;

/** Takes labels that were deleted and people who have left out of a draft, and says so: the server would refuse the task. */
export function useGoneChoices(team: string, chosen: Chosen, onChange: (left: Partial<Chosen>) => void): void {
  const labels = useQuery(labelsQuery(team)).data;
  const people = useQuery(peopleQuery(team)).data;
  const drop = useEffectEvent(() => {
    if (labels === undefined || people === undefined) return;
    const directory = directoryOf(labels, people);
    const isThere = (id: string) => directory.label(id) !== undefined;
    const isMember = (id: string) => directory.member(id) !== undefined;
    const left = { labels: chosen.labels.filter(isThere), assignees: chosen.assignees.filter(isMember) };
    const names = [
      ...chosen.labels.filter((id) => !isThere(id)).map(() => t('event.goneLabel')),
      ...chosen.assignees.filter((id) => !isMember(id)).map(directory.nameOf),
    ];
    if (names.length === 0) return;
    onChange(left);
    toast({ kind: 'info', text: t('task.notChosen', { names: listed(names) }) });
  });
  useEffect(() => drop(), [labels, people, chosen.labels, chosen.assignees]);
}
