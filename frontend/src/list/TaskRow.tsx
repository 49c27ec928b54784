import { memo, useRef } from 'react';
import { Link } from 'wouter';
import type { Task } from '../api/types.ts';
import { focused, useKeptFocus } from '../board/focus.ts';
import { t } from '../i18n/index.ts';
import { recent } from '../live/notice.ts';
import { useTaskLink } from '../shell/address.ts';
import type { TaskActions } from '../task/actions.ts';
import { isDraft } from '../task/pending.ts';
import { selection } from '../task/selection.ts';
import { TaskButtons } from '../task/TaskButtons.tsx';
import type { Directory } from '../task/useTasks.ts';
import { Avatar, Avatars } from '../ui/Avatar.tsx';
import { DueChip, LabelChip } from '../ui/Chips.tsx';
import { Icon } from '../ui/Icon.tsx';
import { open } from '../ui/stage.ts';
import { useStore } from '../ui/useStore.ts';
import { Day } from '../ui/Time.tsx';
import { setFilters } from './current.ts';
import { NO_FILTERS } from './filters.ts';
import css from './list.module.css';
import { PriorityCell, StatusCell } from './RowMenus.tsx';

interface Props {
  team: string;
  task: Task;
  me: string;
  directory: Directory;
  actions: TaskActions;
  canEdit: boolean;
  isTabStop: boolean;
  /** It is shown although the filter hides it. */
  isKept: boolean;
  /** Somebody else has removed it, or moved it elsewhere, while the pointer was over the list. */
  isGone: boolean;
  date: 'updated_at' | 'created_at';
}

const LABELS_SHOWN = 2;

export const TaskRow = memo(function TaskRow(props: Props) {
  const { team, task, me, directory, actions, canEdit, isTabStop, isKept, isGone, date } = props;
  const element = useRef<HTMLDivElement>(null);
  useKeptFocus(element, task.id);
  const { href, isOpen } = useTaskLink(team, task.number);
  const isSelected = useStore(selection, (ids) => ids.has(task.id));
  const news = useStore(recent, (all) => all.get(task.id));
  const who = news && directory.member(news.actor_id)?.user.name;
  const labels = task.labels.map((label) => directory.label(label)).filter((label) => label !== undefined);
  const isOver = task.status === 'completed' || task.status === 'cancelled';
  const isFixed = isDraft(task) || isGone;
  const canSetStatus = !isFixed && (canEdit || task.assignees.includes(me));
  return (
    <div
      ref={element}
      className={css.row}
      data-task={task.id}
      data-selected={isSelected || undefined}
      data-open={isOpen || undefined}
      data-over={isOver || undefined}
      data-gone={isGone || undefined}
      data-news={news ? true : undefined}
    >
      <span className={css.priority}>
        <PriorityCell task={task} actions={actions} canChange={canEdit && !isFixed} />
      </span>
      <span className={css.key}>{isDraft(task) ? '…' : task.key}</span>
      <span className={css.status}>
        <StatusCell task={task} actions={actions} canChange={canSetStatus} />
      </span>
      <span className={css.main}>
        {isFixed ? (
          <span className={css.title} dir="auto">
            {task.title}
          </span>
        ) : (
          <Link
            href={href}
            className={css.title}
            dir="auto"
            data-focus
            tabIndex={isTabStop ? 0 : -1}
            onFocus={() => focused.set(task.id)}
          >
            {task.title}
          </Link>
        )}
        {who !== undefined && news !== undefined && (
          <span className={css.who}>
            <Avatar id={news.actor_id} name={who} />
            <bdi>{who}</bdi>
          </span>
        )}
        {isKept && !isFixed && (
          <button type="button" className={css.kept} onClick={() => setFilters(NO_FILTERS)}>
            {t('list.hiddenByFilter')}
          </button>
        )}
      </span>
      <span className={css.labels}>
        {labels.slice(0, LABELS_SHOWN).map((label) => (
          <LabelChip key={label.id} label={label} />
        ))}
        {labels.length > LABELS_SHOWN && <span className={css.more}>+{labels.length - LABELS_SHOWN}</span>}
      </span>
      <span className={css.due}>{task.due_at !== null && <DueChip due={task.due_at} isOver={isOver} />}</span>
      <span className={css.people}>
        <Avatars users={task.assignees} directory={directory} />
        {canEdit && !isFixed && (
          <button
            type="button"
            className={css.assign}
            tabIndex={-1}
            aria-label={t('list.assign', { key: task.key })}
            title={t('property.changeAssignees')}
            onClick={() => open({ kind: 'property', property: 'assignees', task: task.id })}
          >
            {task.assignees.length === 0 && <Icon name="person" />}
          </button>
        )}
      </span>
      <Day className={css.date} at={task[date]} />
      <span className={css.buttons}>{!isFixed && <TaskButtons task={task} />}</span>
    </div>
  );
});
