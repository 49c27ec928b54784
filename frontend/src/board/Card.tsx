import { memo, useCallback, useRef } from 'react';
import { Link } from 'wouter';
import type { Task } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { recent } from '../live/notice.ts';
import { useOpenTask } from '../shell/address.ts';
import { isDraft } from '../task/pending.ts';
import type { Directory } from '../task/useTasks.ts';
import { Avatar, Avatars } from '../ui/Avatar.tsx';
import { DueChip, LabelChip } from '../ui/Chips.tsx';
import { PriorityIcon } from '../ui/Icon.tsx';
import { useStore } from '../ui/store.ts';
import css from './board.module.css';
import { focused, useKeptFocus } from './focus.ts';
import { dropAt, useDragPart, type Drag } from './useDrag.ts';

interface Props {
  team: string;
  task: Task;
  directory: Directory;
  canEdit: boolean;
  isLifted: boolean;
  isTabStop: boolean;
}

const LABELS_SHOWN = 3;

export const Card = memo(function Card(props: Props) {
  const { team, task, directory, canEdit, isLifted, isTabStop } = props;
  const element = useRef<HTMLElement>(null);
  const { number, href } = useOpenTask(team);
  const edge = useStore(dropAt, (at) => (at?.task === task.id ? at.edge : undefined));
  const news = useStore(recent, (all) => all.get(task.id));
  const { id, status } = task;
  const begin = useCallback(
    (drag: Drag) => (element.current === null ? undefined : drag.card(element.current, id, status)),
    [id, status],
  );
  useKeptFocus(element, id);
  useDragPart(canEdit && !isDraft(task), begin);
  const labels = task.labels.map((label) => directory.label(label)).filter((label) => label !== undefined);
  const isOver = task.status === 'completed' || task.status === 'cancelled';
  const who = news && directory.member(news.actor_id)?.user.name;
  const hasFoot = task.priority !== 'none' || labels.length > 0 || task.due_at !== null;

  return (
    <article
      ref={element}
      className={css.card}
      data-task={task.id}
      data-lifted={isLifted || undefined}
      data-open={number === task.number || undefined}
      data-draft={isDraft(task) || undefined}
      data-over={isOver || undefined}
      data-edge={edge}
      data-news={news ? true : undefined}
    >
      <div className={css.cardTop}>
        <span className={css.key}>{isDraft(task) ? t('task.saving') : task.key}</span>
        {who !== undefined && news !== undefined && (
          <span className={css.who}>
            <Avatar id={news.actor_id} name={who} />
            {who}
          </span>
        )}
        <Avatars users={task.assignees} directory={directory} />
      </div>
      {isDraft(task) ? (
        <p className={css.title}>{task.title}</p>
      ) : (
        <Link
          href={href(task.number)}
          className={css.title}
          draggable={false}
          data-focus
          tabIndex={isTabStop ? 0 : -1}
          aria-describedby="board-help"
          onFocus={() => focused.set(task.id)}
        >
          {task.title}
        </Link>
      )}
      {hasFoot && (
        <div className={css.cardFoot}>
          {task.priority !== 'none' && (
            <span title={t(`priority.${task.priority}`)} className={css.priority}>
              <PriorityIcon priority={task.priority} />
              <span className="visually-hidden">{t('task.priorityIs', { priority: t(`priority.${task.priority}`) })}</span>
            </span>
          )}
          {task.due_at !== null && <DueChip due={task.due_at} isOver={isOver} />}
          {labels.slice(0, LABELS_SHOWN).map((label) => (
            <LabelChip key={label.id} label={label} />
          ))}
          {labels.length > LABELS_SHOWN && <span className={css.key}>+{labels.length - LABELS_SHOWN}</span>}
        </div>
      )}
    </article>
  );
});
