import { memo, useRef } from 'react';
import { Link } from 'wouter';
import type { Task } from '../api/types.ts';
import { focused, useKeptFocus } from '../board/focus.ts';
import { t } from '../i18n/index.ts';
import { recent } from '../live/notice.ts';
import { useOpenTask } from '../shell/address.ts';
import { isDraft } from '../task/pending.ts';
import { selection } from '../task/selection.ts';
import type { Directory } from '../task/useTasks.ts';
import { Avatar, Avatars } from '../ui/Avatar.tsx';
import { DueChip, LabelChip } from '../ui/Chips.tsx';
import { PriorityIcon, StatusIcon } from '../ui/Icon.tsx';
import { useStore } from '../ui/store.ts';
import { Day } from '../ui/Time.tsx';
import css from './list.module.css';

interface Props {
  team: string;
  task: Task;
  directory: Directory;
  /** The characters of the longest key in the list: the titles begin below each other. */
  keyLength: number;
  isTabStop: boolean;
}

const LABELS_SHOWN = 2;
/** As wide as a digit. */
const FIGURE_SPACE = '\u2007';

export const TaskRow = memo(function TaskRow({ team, task, directory, keyLength, isTabStop }: Props) {
  const element = useRef<HTMLDivElement>(null);
  useKeptFocus(element, task.id);
  const { number, href } = useOpenTask(team);
  const isSelected = useStore(selection, (ids) => ids.has(task.id));
  const news = useStore(recent, (all) => all.get(task.id));
  const who = news && directory.member(news.actor_id)?.user.name;
  const labels = task.labels.map((label) => directory.label(label)).filter((label) => label !== undefined);
  const key = isDraft(task) ? '…' : task.key;
  const isOver = task.status === 'completed' || task.status === 'cancelled';
  return (
    <div
      ref={element}
      className={css.row}
      data-task={task.id}
      data-selected={isSelected || undefined}
      data-open={number === task.number || undefined}
      data-over={isOver || undefined}
      data-news={news ? true : undefined}
    >
      <span className={css.icon} title={t(`priority.${task.priority}`)}>
        <PriorityIcon priority={task.priority} />
        <span className="visually-hidden">{t('task.priorityIs', { priority: t(`priority.${task.priority}`) })}</span>
      </span>
      <span className={css.key} data-rest={FIGURE_SPACE.repeat(Math.max(0, keyLength - key.length))}>
        {key}
      </span>
      <span className={css.icon} title={t(`status.${task.status}`)}>
        <StatusIcon status={task.status} />
      </span>
      {isDraft(task) ? (
        <span className={css.title}>{task.title}</span>
      ) : (
        <Link
          href={href(task.number)}
          className={css.title}
          data-focus
          tabIndex={isTabStop ? 0 : -1}
          onFocus={() => focused.set(task.id)}
        >
          {task.title}
        </Link>
      )}
      <span className={css.extras}>
        {who !== undefined && news !== undefined && (
          <span className={css.who}>
            <Avatar id={news.actor_id} name={who} />
            {who}
          </span>
        )}
        <span className={css.labels}>
          {labels.slice(0, LABELS_SHOWN).map((label) => (
            <LabelChip key={label.id} label={label} />
          ))}
          {labels.length > LABELS_SHOWN && <span className={css.key}>+{labels.length - LABELS_SHOWN}</span>}
        </span>
        {task.due_at !== null && <DueChip due={task.due_at} isOver={isOver} />}
        <span className={css.people}>
          <Avatars users={task.assignees} directory={directory} />
        </span>
        <Day className={css.date} at={task.updated_at} />
      </span>
    </div>
  );
});
