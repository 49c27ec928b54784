import { Separator } from '@radix-ui/react-context-menu';
import { useTranslation } from '../i18n/index.ts';
import { STATUSES, type Status, type Task } from '../api/types.ts';
import { announce } from '../ui/announce.ts';
import { Icon } from '../ui/Icon.tsx';
import { useStore } from '../ui/useStore.ts';
import ui from '../ui/ui.module.css';
import type { TaskActions } from './actions.ts';
import { orderOf } from './order.ts';
import { neighbours } from './position.ts';
import { shown } from './shown.ts';
import { Entry, Group } from './TaskMenu.tsx';

/** What is closed has no manual order: the latest comes first. */
function isOrdered(status: Status): boolean {
  return orderOf(status, 'position') === 'position';
}

/** Orders a task within its column, or moves it to another, without a pointer that drags. */
export function MoveItems({ task, actions }: { task: Task; actions: TaskActions }) {
  const { t } = useTranslation();
  const { lists, isManual } = useStore(shown, (now) => now);
  const columnOf = (status: Status) => lists.flat().filter((one) => one.status === status);
  const column = columnOf(task.status);
  const index = column.findIndex(({ id }) => id === task.id);
  const others = column.filter(({ id }) => id !== task.id);
  const go = (status: Status, tasks: readonly Task[], to: number) => {
    void actions.move(task, { status, ...(isOrdered(status) && neighbours(tasks, to)) });
    const values = { task: task.key, status: t(`status.${status}`), index: to + 1, count: tasks.length + 1 };
    announce(t('board.moved', values));
  };
  const isFirst = index === 0;
  const isLast = index === column.length - 1;
  return (
    <Group icon={<Icon name="move" size={14} />} text={t('move.title')}>
      {isManual && isOrdered(task.status) && (
        <>
          <Entry text={t('move.up')} disabled={isFirst} onSelect={() => go(task.status, others, index - 1)} />
          <Entry text={t('move.down')} disabled={isLast} onSelect={() => go(task.status, others, index + 1)} />
          <Entry text={t('move.top')} disabled={isFirst} onSelect={() => go(task.status, others, 0)} />
          <Entry text={t('move.bottom')} disabled={isLast} onSelect={() => go(task.status, others, others.length)} />
          <Separator className={ui.separator} />
        </>
      )}
      {STATUSES.filter((status) => status !== task.status).map((status) => (
        <Entry
          key={status}
          text={t('move.to', { status: t(`status.${status}`) })}
          onSelect={() => go(status, columnOf(status), 0)}
        />
      ))}
    </Group>
  );
}
