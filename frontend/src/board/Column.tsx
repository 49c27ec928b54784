import { defaultRangeExtractor, useVirtualizer, type Range } from '@tanstack/react-virtual';
import { memo, useCallback, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from '../i18n/index.ts';
import type { Status, Task } from '../api/types.ts';
import type { Directory, TaskWindow } from '../task/useTasks.ts';
import { IconButton } from '../ui/Button.tsx';
import { Icon, StatusIcon } from '../ui/Icon.tsx';
import { printing } from '../ui/printing.ts';
import { RestFailed, Skeleton } from '../ui/States.tsx';
import { useStore } from '../ui/useStore.ts';
import css from './board.module.css';
import { Card, GoneCard } from './Card.tsx';
import { focused } from './focus.ts';
import { QuickAdd } from './QuickAdd.tsx';
import { heldBack } from './steady.ts';
import { useAnchor } from './useAnchor.ts';
import { dropAt, useDragPart, type Drag } from './useDrag.ts';
import { useSteady } from './useSteady.ts';

interface Props {
  team: string;
  status: Status;
  tasks: readonly Task[];
  window: TaskWindow | undefined;
  directory: Directory;
  canEdit: boolean;
  /** The task that is being carried here by keyboard. */
  lifted: string | null;
  isFiltered: boolean;
  onFold: (status: Status) => void;
}

const CARD_PX = 72;
const GAP_PX = 6;
/** More is read when so many cards are left below. */
const NEAR_END = 20;

export const Column = memo(function Column(props: Props) {
  const { team, status, tasks: current, window, directory, canEdit, lifted, isFiltered, onFold } = props;
  const { t } = useTranslation();
  const heading = useId();
  const column = useRef<HTMLElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const [isAdding, setIsAdding] = useState(false);
  const [isPointedAt, setIsPointedAt] = useState(false);
  const isTarget = useStore(dropAt, (at) => at?.status === status);
  const isEnd = useStore(dropAt, (at) => at?.status === status && at.task === null);
  const isPrinting = useStore(printing, (now) => now);
  const steady = useSteady(current, isPointedAt && lifted === null);
  const { tasks } = steady;
  const news = heldBack(steady);
  const activeIndex = useStore(focused, (active) => tasks.findIndex(({ id }) => id === (lifted ?? active)));
  const virtual = useVirtualizer({
    count: tasks.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => tasks[index]?.id ?? index,
    estimateSize: () => CARD_PX,
    gap: GAP_PX,
    overscan: 6,
    // The card with the focus stays, also when it is scrolled out of sight.
    rangeExtractor: (range: Range) => {
      if (isPrinting) return tasks.map((_, index) => index);
      const inSight = defaultRangeExtractor(range);
      const isDrawn = activeIndex < 0 || inSight.includes(activeIndex);
      return isDrawn ? inSight : [...inSight, activeIndex].sort((a, b) => a - b);
    },
  });
  useAnchor(virtual, tasks);
  const begin = useCallback(
    (drag: Drag) => {
      if (column.current === null || scroller.current === null) return undefined;
      return drag.column(column.current, scroller.current, status);
    },
    [status],
  );
  useDragPart(canEdit, begin);
  const drawn = virtual.getVirtualItems();
  const isNearEnd = (drawn.at(-1)?.index ?? -1) >= tasks.length - NEAR_END;
  useEffect(() => {
    if (isNearEnd || isPrinting) window?.loadMore();
  }, [isNearEnd, isPrinting, window]);
  const hasFailed = window !== undefined && window.error !== null;
  const count = window?.total;
  const tabStop = activeIndex < 0 ? 0 : activeIndex;
  const name = t(`status.${status}`);

  return (
    <section ref={column} className={css.column} data-target={isTarget || undefined} aria-labelledby={heading}>
      <header className={css.columnHead}>
        <StatusIcon status={status} />
        <h2 id={heading} className={css.columnName}>
          {name}
        </h2>
        <span className={css.count}>
          {count}
          {count !== undefined && <span className="visually-hidden"> {t('board.tasks', { count })}</span>}
        </span>
        <IconButton
          label={t('board.fold', { status: name })}
          className={css.headButton}
          aria-expanded="true"
          onClick={() => onFold(status)}
        >
          <Icon name="fold" />
        </IconButton>
        {canEdit && (
          <IconButton label={t('board.addTo', { status: name })} className={css.add} onClick={() => setIsAdding(true)}>
            <Icon name="plus" />
          </IconButton>
        )}
      </header>
      {isAdding && <QuickAdd team={team} status={status} onClose={() => setIsAdding(false)} />}
      <div
        ref={scroller}
        className={css.scroller}
        onPointerEnter={(event) => setIsPointedAt(event.pointerType === 'mouse')}
        onPointerMove={(event) => !isPointedAt && event.pointerType === 'mouse' && setIsPointedAt(true)}
        onPointerLeave={() => setIsPointedAt(false)}
      >
        {news > 0 && (
          <div className={css.news}>
            <button type="button" className={css.newsButton} onClick={steady.release}>
              {t('board.heldBack', { count: news })}
            </button>
          </div>
        )}
        {tasks.length === 0 && hasFailed ? null : tasks.length === 0 && window?.isPending === true ? (
          <Skeleton height={CARD_PX} />
        ) : tasks.length === 0 ? (
          <div className={css.none}>
            <p>{t(isFiltered ? 'board.noMatch' : 'board.none')}</p>
            {canEdit && !isFiltered && !isAdding && (
              <button type="button" className={css.noneAdd} onClick={() => setIsAdding(true)}>
                {t('board.addHere')}
              </button>
            )}
          </div>
        ) : (
          <ul className={css.cards} style={{ height: virtual.getTotalSize() }}>
            {drawn.map(({ index, start, key }) => {
              const task = tasks[index];
              if (task === undefined) return null;
              return (
                <li
                  key={key}
                  ref={virtual.measureElement}
                  data-index={index}
                  className={css.place}
                  style={{ transform: `translateY(${start}px)` }}
                  aria-setsize={Math.max(count ?? 0, tasks.length)}
                  aria-posinset={index + 1}
                >
                  {steady.gone.has(task.id) ? (
                    <GoneCard task={task} />
                  ) : (
                    <Card
                      team={team}
                      task={task}
                      directory={directory}
                      canEdit={canEdit}
                      isLifted={task.id === lifted}
                      isTabStop={index === tabStop}
                    />
                  )}
                </li>
              );
            })}
          </ul>
        )}
        {isEnd && <div className={css.dropLine} />}
        {hasFailed && <RestFailed error={window.error} onRetry={window.retry} />}
      </div>
    </section>
  );
});
