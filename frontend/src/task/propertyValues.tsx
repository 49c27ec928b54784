import type { ReactNode } from 'react';
import type { Task } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { DueChip, LabelChip } from '../ui/Chips.tsx';
import { PriorityIcon, StatusIcon } from '../ui/Icon.tsx';
import type { Property } from '../ui/stage.ts';
import css from './panel.module.css';
import type { NewLabel } from './useNewLabels.ts';
import type { Directory } from './useTasks.ts';

/** The properties of a task in their order, as they are shown; null for those that are empty. */
export function propertyValues(
  task: Pick<Task, Property>,
  directory: Directory,
  coming: readonly NewLabel[] = [],
): [Property, ReactNode][] {
  const { status, priority, assignees, labels, due_at: due } = task;
  const isOver = status === 'completed' || status === 'cancelled';
  return [
    [
      'status',
      <>
        <StatusIcon status={status} /> {t(`status.${status}`)}
      </>,
    ],
    [
      'priority',
      priority === 'none' ? null : (
        <>
          <PriorityIcon priority={priority} /> {t(`priority.${priority}`)}
        </>
      ),
    ],
    [
      'assignees',
      assignees.length === 0
        ? null
        : assignees.map((id) => {
            const name = directory.nameOf(id);
            return (
              <span key={id} className={css.person}>
                <Avatar id={id} name={name} /> <bdi>{name}</bdi>
              </span>
            );
          }),
    ],
    [
      'labels',
      labels.length + coming.length === 0
        ? null
        : [
            ...labels.map((id) => {
              const label = directory.label(id);
              return label && <LabelChip key={id} label={label} />;
            }),
            ...coming.map((label) => (
              <span key={`new ${label.name}`} className={css.coming}>
                <LabelChip label={label} />
              </span>
            )),
          ],
    ],
    ['due_at', due === null ? null : <DueChip due={due} isOver={isOver} />],
  ];
}
