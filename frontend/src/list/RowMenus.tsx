import { PRIORITIES, STATUSES, type Task } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import type { TaskActions } from '../task/actions.ts';
import { PriorityIcon, StatusIcon } from '../ui/Icon.tsx';
import { Menu, MenuChoice } from '../ui/Menu.tsx';
import css from './list.module.css';

interface Props {
  task: Task;
  actions: TaskActions;
  canChange: boolean;
}

/** The status, which a click changes. By key there is `s`. */
export function StatusCell({ task, actions, canChange }: Props) {
  const status = t(`status.${task.status}`);
  if (!canChange) {
    return (
      <span className={css.icon} title={status}>
        <StatusIcon status={task.status} />
        <span className="visually-hidden">{status}</span>
      </span>
    );
  }
  const label = t('list.changeStatus', { key: task.key, status });
  return (
    <Menu
      isCutOff
      trigger={
        <button type="button" className={css.icon} tabIndex={-1} aria-label={label} title={status}>
          <StatusIcon status={task.status} />
        </button>
      }
    >
      <MenuChoice
        label={t('property.changeStatus')}
        value={task.status}
        options={STATUSES.map((value) => ({ value, text: t(`status.${value}`), icon: <StatusIcon status={value} /> }))}
        onChange={(next) => void actions.patch(task, { status: next })}
      />
    </Menu>
  );
}

/** The priority, which a click changes. By key there is `p`. */
export function PriorityCell({ task, actions, canChange }: Props) {
  const priority = t(`priority.${task.priority}`);
  const label = t('task.priorityIs', { priority });
  if (!canChange) {
    return (
      <span className={css.icon} title={priority}>
        <PriorityIcon priority={task.priority} />
        <span className="visually-hidden">{label}</span>
      </span>
    );
  }
  return (
    <Menu
      isCutOff
      trigger={
        <button
          type="button"
          className={css.icon}
          tabIndex={-1}
          aria-label={t('list.changePriority', { key: task.key, priority })}
          title={priority}
        >
          <PriorityIcon priority={task.priority} />
        </button>
      }
    >
      <MenuChoice
        label={t('property.changePriority')}
        value={task.priority}
        options={PRIORITIES.map((value) => ({ value, text: t(`priority.${value}`), icon: <PriorityIcon priority={value} /> }))}
        onChange={(next) => void actions.patch(task, { priority: next })}
      />
    </Menu>
  );
}
