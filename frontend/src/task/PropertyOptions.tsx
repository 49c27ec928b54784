import { useQuery } from '@tanstack/react-query';
import { useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { atLeast, PRIORITIES, STATUSES, type Priority, type Status, type Task, type TaskPatch } from '../api/types.ts';
import { dayOf, endOfDay, inDays, isDay, LAST_DAY } from '../i18n/dates.ts';
import { toggled } from '../list/filters.ts';
import { Options, type Creation, type Option } from '../palette/Options.tsx';
import palette from '../palette/palette.module.css';
import { nextColor } from '../team/colors.ts';
import { labelProblem, useLabelActions } from '../team/useLabelActions.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Dot } from '../ui/Chips.tsx';
import { Icon, PriorityIcon, StatusIcon } from '../ui/Icon.tsx';
import type { Property } from '../ui/stage.ts';
import ui from '../ui/ui.module.css';
import { teamsQuery } from './queries.ts';
import type { NewLabel } from './useNewLabels.ts';
import { choosable, useDirectory } from './useTasks.ts';

interface Props {
  team: string;
  task: Pick<Task, Property>;
  property: Property;
  onPatch: (fields: TaskPatch) => void;
  /** Is told of a label that is being created, which `onPatch` gets when it has been created if this is left out. */
  onNewLabel?: ((label: NewLabel) => void) | undefined;
  onDone: () => void;
}

/** What a property of a task can be. One value closes it; of assignees and labels, several can be chosen in a row. */
export default function PropertyOptions({ team, task, property, onPatch, onNewLabel, onDone }: Props) {
  const { t } = useTranslation();
  const choose = (fields: TaskPatch) => {
    onPatch(fields);
    onDone();
  };
  switch (property) {
    case 'status':
      return (
        <Options
          label={t('property.changeStatus')}
          options={STATUSES.map((status) => ({
            id: status,
            text: t(`status.${status}`),
            icon: <StatusIcon status={status} />,
            chosen: task.status === status,
          }))}
          onChoose={(id) => (id === task.status ? onDone() : choose({ status: id as Status }))}
        />
      );
    case 'priority':
      return (
        <Options
          label={t('property.changePriority')}
          options={PRIORITIES.map((priority) => ({
            id: priority,
            text: t(`priority.${priority}`),
            icon: <PriorityIcon priority={priority} />,
            chosen: task.priority === priority,
          }))}
          onChoose={(id) => choose({ priority: id as Priority })}
        />
      );
    case 'assignees':
      return <Assignees team={team} task={task} onPatch={onPatch} />;
    case 'labels':
      return <Labels team={team} task={task} onPatch={onPatch} onNewLabel={onNewLabel} />;
    case 'due_at':
      return <DueDate task={task} choose={choose} />;
  }
}

type Several = Pick<Props, 'team' | 'task' | 'onPatch'>;

function Assignees({ team, task, onPatch }: Several) {
  const { t } = useTranslation();
  const directory = useDirectory(team);
  const options = choosable(directory, task.assignees).map<Option>((id) => {
    const name = directory.nameOf(id);
    const email = directory.member(id)?.user.email ?? null;
    return {
      id,
      text: name,
      words: email === null ? [] : [email],
      icon: <Avatar id={id} name={name} />,
      chosen: task.assignees.includes(id),
    };
  });
  return (
    <Options
     
      label={t('property.changeAssignees')}
      options={options}
      onChoose={(id) => onPatch({ assignees: toggled(task.assignees, id) })}
    />
  );
}

function Labels({ team, task, onPatch, onNewLabel }: Several & Pick<Props, 'onNewLabel'>) {
  const { t } = useTranslation();
  const { labels } = useDirectory(team);
  const role = useQuery(teamsQuery()).data?.find(({ key }) => key === team)?.role;
  const { create } = useLabelActions({ key: team });
  /** Those that are chosen when a new label has been made, which takes a while. */
  const chosen = useRef(task.labels);
  useLayoutEffect(() => {
    chosen.current = task.labels;
  }, [task.labels]);
  const creationOf = (name: string): Creation | undefined => {
    if (role === undefined || !atLeast(role, 'member') || labelProblem(name, labels) !== undefined) return undefined;
    const color = nextColor(labels.map((label) => label.color));
    const run = async () => {
      // It has been said why it couldn't be created.
      const making = create(name, color).catch(() => undefined);
      onNewLabel?.({ name, color, made: making });
      const made = await making;
      if (made !== undefined && onNewLabel === undefined) onPatch({ labels: [...chosen.current, made.id].sort() });
      return made !== undefined;
    };
    return { text: t('property.createLabel', { name }), run };
  };
  const options = labels.map<Option>((label) => ({
    id: label.id,
    text: label.name,
    icon: <Dot color={label.color} />,
    chosen: task.labels.includes(label.id),
  }));
  return (
    <Options
     
      label={t('property.changeLabels')}
      options={options}
      onChoose={(id) => onPatch({ labels: toggled(task.labels, id).sort() })}
      creationOf={creationOf}
      footer={labels.length === 0 ? <p className={palette.empty}>{t('property.noLabels')}</p> : undefined}
    />
  );
}

function DueDate({ task, choose }: { task: Pick<Task, 'due_at'>; choose: (fields: TaskPatch) => void }) {
  const { t } = useTranslation();
  const [day, setDay] = useState(task.due_at === null ? '' : dayOf(task.due_at));
  const [isWrong, setIsWrong] = useState(false);
  const options: Option[] = [
    { id: inDays(0), text: t('property.today') },
    { id: inDays(1), text: t('property.tomorrow') },
    { id: inDays(7), text: t('property.inAWeek') },
    { id: inDays(14), text: t('property.inTwoWeeks') },
    ...(task.due_at === null ? [] : [{ id: 'none', text: t('property.noDueDate') }]),
  ];
  const custom = (
    <form
      className={palette.dates}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        // Half a date reads as none: the field says so, not its value.
        const isBad = event.currentTarget.querySelector('input')?.validity.badInput === true || (day !== '' && !isDay(day));
        setIsWrong(isBad);
        if (!isBad) choose({ due_at: day === '' ? null : endOfDay(day) });
      }}
    >
      <label className={ui.field}>
        <span className={ui.label}>{t('property.onDay')}</span>
        <input
          className={ui.input}
          type="date"
          max={LAST_DAY}
          value={day}
          aria-invalid={isWrong || undefined}
          aria-describedby={isWrong ? 'day-wrong' : undefined}
          onChange={(event) => {
            setIsWrong(false);
            setDay(event.target.value);
          }}
        />
      </label>
      {isWrong && (
        <p id="day-wrong" className={ui.error} role="alert">
          {t('property.dayInvalid')}
        </p>
      )}
      <button type="submit" className={ui.button}>
        {t('property.setDate')}
      </button>
    </form>
  );
  return (
    <Options
     
      label={t('property.changeDue')}
      options={options.map((option) => ({ ...option, icon: <Icon name="calendar" /> }))}
      onChoose={(id) => choose({ due_at: id === 'none' ? null : endOfDay(id) })}
      footer={custom}
    />
  );
}
