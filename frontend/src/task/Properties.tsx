import * as Popover from '@radix-ui/react-popover';
import { Suspense, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Task, TaskPatch } from '../api/types.ts';
import { parts } from '../shell/ahead.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { DueChip, LabelChip } from '../ui/Chips.tsx';
import { PriorityIcon, StatusIcon } from '../ui/Icon.tsx';
import type { Property } from '../ui/stage.ts';
import ui from '../ui/ui.module.css';
import css from './panel.module.css';
import type { Directory } from './useTasks.ts';

const { PropertyOptions } = parts;

interface Props {
  team: string;
  task: Task;
  directory: Directory;
  canEdit: boolean;
  canChangeStatus: boolean;
  onPatch: (fields: TaskPatch) => void;
}

export function Properties({ team, task, directory, canEdit, canChangeStatus, onPatch }: Props) {
  const { t } = useTranslation();
  const isOver = task.status === 'completed' || task.status === 'cancelled';
  const values: [Property, ReactNode][] = [
    [
      'status',
      <>
        <StatusIcon status={task.status} /> {t(`status.${task.status}`)}
      </>,
    ],
    [
      'priority',
      <>
        <PriorityIcon priority={task.priority} /> {t(`priority.${task.priority}`)}
      </>,
    ],
    [
      'assignees',
      task.assignees.length === 0
        ? null
        : task.assignees.map((id) => {
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
      task.labels.length === 0
        ? null
        : task.labels.map((id) => {
            const label = directory.label(id);
            return label && <LabelChip key={id} label={label} />;
          }),
    ],
    ['due_at', task.due_at === null ? null : <DueChip due={task.due_at} isOver={isOver} />],
  ];
  return (
    <dl className={css.properties}>
      {values.map(([property, value]) => (
        <div key={property} className={css.property}>
          <dt className={css.propertyName}>{t(`property.${property}`)}</dt>
          <dd className={css.propertyValue}>
            {canEdit || (property === 'status' && canChangeStatus) ? (
              <Editable team={team} task={task} property={property} onPatch={onPatch}>
                {value}
              </Editable>
            ) : (
              <span className={css.fixed}>{value ?? t('property.none')}</span>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

interface EditableProps {
  team: string;
  task: Task;
  property: Property;
  onPatch: (fields: TaskPatch) => void;
  children: ReactNode;
}

function Editable({ team, task, property, onPatch, children }: EditableProps) {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Popover.Root open={isOpen} onOpenChange={setIsOpen}>
      <Popover.Trigger className={css.value} data-empty={children === null || undefined} data-property={property}>
        <span className="visually-hidden">{t(`property.${property}`)}: </span>
        {children ?? t(`property.add_${property}`)}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className={`${ui.pop} ${css.pop}`}
          align="start"
          sideOffset={4}
          collisionPadding={8}
          aria-label={t(`property.${property}`)}
        >
          <Suspense fallback={null}>
            <PropertyOptions
              team={team}
              task={task}
              property={property}
              onPatch={onPatch}
              onDone={() => setIsOpen(false)}
            />
          </Suspense>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
