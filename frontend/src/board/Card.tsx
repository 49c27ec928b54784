import { memo, useCallback, useRef } from 'react';
import { Link } from 'wouter';
import type { Label, Task } from '../api/types.ts';
import { listed } from '../i18n/bidi.ts';
import { t } from '../i18n/index.ts';
import { recent } from '../live/notice.ts';
import { useTaskLink } from '../shell/address.ts';
import { isDraft } from '../task/pending.ts';
import { selection } from '../task/selection.ts';
import { TaskButtons } from '../task/TaskButtons.tsx';
import type { Directory } from '../task/useTasks.ts';
import { Avatar, Avatars } from '../ui/Avatar.tsx';
import { Dot, Due } from '../ui/Chips.tsx';
import { PriorityIcon } from '../ui/Icon.tsx';
import { useStore } from '../ui/useStore.ts';
import css from './board.module.css';
import { focused, useKeptFocus } from './focus.ts';
import { dropAt, useDragged, type Drag } from './useDrag.ts';

interface Props {
  team: string;
  task: Task;
  directory: Directory;
  canEdit: boolean;
  isLifted: boolean;
  isTabStop: boolean;
}

const DOTS = 5;
export const Card = memo(function Card(props: Props) {
  const { team, task, directory, canEdit, isLifted, isTabStop } = props;
  const element = useRef<HTMLElement>(null);
  const { href, isOpen } = useTaskLink(team, task.number);
  const edge = useStore(dropAt, (at) => (at?.task === task.id ? at.edge : undefined));
  const news = useStore(recent, (all) => all.get(task.id));
  const isSelected = useStore(selection, (ids) => ids.has(task.id));
  const { id, status } = task;
  const begin = useCallback(
    (drag: Drag) => (element.current === null ? undefined : drag.card(element.current, id, status)),
    [id, status],
  );
  useKeptFocus(element, id);
  useDragged(canEdit && !isDraft(task), begin);
  const labels = task.labels.map((label) => directory.label(label)).filter((label) => label !== undefined);
  const isOver = task.status === 'completed' || task.status === 'cancelled';
  const who = news && directory.member(news.actor_id)?.user.name;

  return (
    <article
      ref={element}
      className={css.card}
      data-task={task.id}
      data-lifted={isLifted || undefined}
      data-selected={isSelected || undefined}
      data-open={isOpen || undefined}
      data-draft={isDraft(task) || undefined}
      data-over={isOver || undefined}
      data-edge={edge}
      data-news={news ? true : undefined}
    >
      {isDraft(task) ? (
        <p className={css.title} dir="auto">
          {task.title}
        </p>
      ) : (
        <Link
          href={href}
          className={css.title}
          dir="auto"
          draggable={false}
          data-focus
          tabIndex={isTabStop ? 0 : -1}
          aria-describedby="board-help"
          onFocus={() => focused.set(task.id)}
        >
          <span className={css.titleText}>{task.title}</span>
        </Link>
      )}
      <div className={css.cardFoot}>
        {task.priority !== 'none' && (
          <span title={t(`priority.${task.priority}`)} className={css.priority}>
            <PriorityIcon priority={task.priority} />
            <span className="visually-hidden">{t('task.priorityIs', { priority: t(`priority.${task.priority}`) })}</span>
          </span>
        )}
        <span className={css.key}>{isDraft(task) ? t('task.saving') : task.key}</span>
        {labels.length > 0 && <LabelDots labels={labels} />}
        {task.due_at !== null && <Due due={task.due_at} isOver={isOver} className={css.due} />}
        <span className={css.people}>
          {who !== undefined && news !== undefined && (
            <span className={css.who}>
              <Avatar id={news.actor_id} name={who} />
              <bdi>{who}</bdi>
            </span>
          )}
          <Avatars users={task.assignees} directory={directory} />
        </span>
      </div>
      {!isDraft(task) && <TaskButtons task={task} className={css.buttons ?? ''} />}
    </article>
  );
});

function LabelDots({ labels }: { labels: readonly Label[] }) {
  const names = listed(labels.map(({ name }) => name));
  return (
    <span className={css.dots} title={names}>
      {labels.slice(0, DOTS).map((label) => (
        <Dot key={label.id} color={label.color} />
      ))}
      {labels.length === 1 && labels[0] !== undefined ? (
        <bdi className={css.labelName}>{labels[0].name}</bdi>
      ) : (
        <span className="visually-hidden">{names}</span>
      )}
    </span>
  );
}

/** A card that a colleague has taken away while the pointer is over its column. */
export function GoneCard({ task }: { task: Task }) {
  return (
    <article className={css.card} data-gone>
      <p className={css.title} dir="auto">
        {task.title}
      </p>
      <div className={css.cardFoot}>
        <span className={css.key}>{task.key}</span>
        <span>{t('board.gone')}</span>
      </div>
    </article>
  );
}
