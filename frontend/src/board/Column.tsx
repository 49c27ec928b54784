import { defaultRangeExtractor, useVirtualizer, type Range } from '@tanstack/react-virtual';
import { useCallback, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Status, Task } from '../api/types.ts';
import type { Directory } from '../task/useTasks.ts';
import { IconButton } from '../ui/Button.tsx';
import { Icon, StatusIcon } from '../ui/Icon.tsx';
import { useStore } from '../ui/store.ts';
import css from './board.module.css';
import { Card } from './Card.tsx';
import { focused } from './focus.ts';
import { QuickAdd } from './QuickAdd.tsx';
import { dropAt, useDragPart, type Drag } from './useDrag.ts';

interface Props {
  team: string;
  status: Status;
  tasks: readonly Task[];
  directory: Directory;
  canEdit: boolean;
  /** The task that is being carried here by keyboard. */
  lifted: string | null;
  isFiltered: boolean;
}

const CARD_PX = 78;
const GAP_PX = 6;

export function Column({ team, status, tasks, directory, canEdit, lifted, isFiltered }: Props) {
  const { t } = useTranslation();
  const column = useRef<HTMLElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const [isAdding, setIsAdding] = useState(false);
  const isTarget = useStore(dropAt, (at) => at?.status === status);
  const isEnd = useStore(dropAt, (at) => at?.status === status && at.task === null);
  const activeIndex = useStore(focused, (active) => tasks.findIndex(({ id }) => id === (lifted ?? active)));
  // eslint-disable-next-line react-hooks/incompatible-library -- the virtualizer draws anew by itself
  const virtual = useVirtualizer({
    count: tasks.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => tasks[index]?.id ?? index,
    estimateSize: () => CARD_PX,
    gap: GAP_PX,
    overscan: 6,
    // The card with the focus stays, also when it is scrolled out of sight.
    rangeExtractor: (range: Range) => {
      const drawn = defaultRangeExtractor(range);
      return activeIndex < 0 || drawn.includes(activeIndex) ? drawn : [...drawn, activeIndex].sort((a, b) => a - b);
    },
  });
  const begin = useCallback(
    (drag: Drag) => {
      if (column.current === null || scroller.current === null) return undefined;
      return drag.column(column.current, scroller.current, status);
    },
    [status],
  );
  useDragPart(canEdit, begin);
  const tabStop = activeIndex < 0 ? 0 : activeIndex;
  const name = t(`status.${status}`);

  return (
    <section ref={column} className={css.column} data-target={isTarget || undefined} aria-label={name}>
      <header className={css.columnHead}>
        <StatusIcon status={status} />
        <h2 className={css.columnName}>{name}</h2>
        <span className={css.count}>
          {tasks.length}
          <span className="visually-hidden"> {t('board.tasks', { count: tasks.length })}</span>
        </span>
        {canEdit && (
          <IconButton label={t('board.addTo', { status: name })} className={css.add} onClick={() => setIsAdding(true)}>
            <Icon name="plus" />
          </IconButton>
        )}
      </header>
      {isAdding && <QuickAdd team={team} status={status} onClose={() => setIsAdding(false)} />}
      <div ref={scroller} className={css.scroller}>
        {tasks.length === 0 ? (
          <p className={css.none}>{t(isFiltered ? 'board.noMatch' : 'board.none')}</p>
        ) : (
          <ul className={css.cards} style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map(({ index, start, key }) => {
              const task = tasks[index];
              if (task === undefined) return null;
              return (
                <li
                  key={key}
                  ref={virtual.measureElement}
                  data-index={index}
                  className={css.place}
                  style={{ transform: `translateY(${start}px)` }}
                >
                  <Card
                    team={team}
                    task={task}
                    directory={directory}
                    canEdit={canEdit}
                    isLifted={task.id === lifted}
                    isTabStop={index === tabStop}
                  />
                </li>
              );
            })}
          </ul>
        )}
        {isEnd && <div className={css.dropLine} />}
      </div>
    </section>
  );
}
