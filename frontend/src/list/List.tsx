import { useQuery } from '@tanstack/react-query';
import { useVirtualizer, defaultRangeExtractor, type Range } from '@tanstack/react-virtual';
import { useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { atLeast, type Status } from '../api/types.ts';
import { directionOf, focused, focusedTask, focusTask } from '../board/focus.ts';
import shell from '../shell/shell.module.css';
import { teamsQuery } from '../task/queries.ts';
import { selectTo } from '../task/selection.ts';
import { useShown } from '../task/shown.ts';
import { totalOf, useDirectory, useTaskWindows, type WantedWindow } from '../task/useTasks.ts';
import { Button } from '../ui/Button.tsx';
import { Keys } from '../ui/Chips.tsx';
import { Icon, StatusIcon } from '../ui/Icon.tsx';
import { Menu, MenuChoice } from '../ui/Menu.tsx';
import { open, stage } from '../ui/stage.ts';
import { keyOf } from '../ui/keys.ts';
import { Empty, Failed, Loading, Skeleton } from '../ui/States.tsx';
import { printing } from '../ui/printing.ts';
import { useStore } from '../ui/store.ts';
import { FilterBar } from './FilterBar.tsx';
import { isFiltering, NO_FILTERS, toggled } from './filters.ts';
import bar from './filter.module.css';
import css from './list.module.css';
import { endingIn, GROUPS, orderIn, rowsOf, SORTS, type Sort } from './rows.ts';
import { TaskRow } from './TaskRow.tsx';
import { useFilters } from './useFilters.ts';

const ROW_PX = 36;
const PHONE_ROW_PX = 52;
/** A group reads on when so many of its rows are left below. */
const NEAR_END = 40;

export default function List({ team }: { team: string }) {
  const { t } = useTranslation();
  const directory = useDirectory(team);
  const { filters, setFilters } = useFilters();
  const role = useQuery(teamsQuery()).data?.find(({ key }) => key === team)?.role;
  const canEdit = role !== undefined && atLeast(role, 'member');
  const [sort, setSort] = useState<Sort>('position');
  const [folded, setFolded] = useState<readonly Status[]>([]);
  const scroller = useRef<HTMLDivElement>(null);
  const wanted = useMemo(
    () =>
      GROUPS.map((status): WantedWindow & { status: Status } => {
        return { filters, status, order: orderIn(status, sort), isFolded: folded.includes(status) };
      }),
    [filters, sort, folded],
  );
  const windows = useTaskWindows(team, wanted);
  const rows = useMemo(
    () =>
      rowsOf(
        wanted.map(({ status, isFolded = false }, n) => {
          const { tasks = [], total } = windows[n] ?? {};
          return { status, tasks, total, isFolded };
        }),
      ),
    [wanted, windows],
  );
  const found = useMemo(() => rows.flatMap((row) => (row.kind === 'task' ? [row.task] : [])), [rows]);
  const keyLength = useMemo(() => found.reduce((longest, { key }) => Math.max(longest, key.length), 0), [found]);
  const isPending = found.length === 0 && windows.some((window, n) => window.isPending && wanted[n]?.isFolded !== true);
  const failed = windows.find(({ error, tasks }) => error !== null && tasks.length === 0);
  const isPrinting = useStore(printing, (now) => now);
  const activeIndex = useStore(focused, (active) => rows.findIndex((row) => row.kind === 'task' && row.task.id === active));
  useShown(useMemo(() => [found], [found]), sort === 'position');
  const tabStop = activeIndex < 0 ? rows.findIndex(({ kind }) => kind === 'task') : activeIndex;
  const height = matchMedia('(max-width: 720px)').matches ? PHONE_ROW_PX : ROW_PX;
  // eslint-disable-next-line react-hooks/incompatible-library -- the virtualizer draws anew by itself
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => {
      const row = rows[index];
      return row === undefined ? index : row.kind === 'task' ? row.task.id : row.status;
    },
    estimateSize: () => height,
    overscan: 12,
    rangeExtractor: (range: Range) => {
      if (isPrinting) return rows.map((_, index) => index);
      const inSight = defaultRangeExtractor(range);
      const isDrawn = activeIndex < 0 || inSight.includes(activeIndex);
      return isDrawn ? inSight : [...inSight, activeIndex].sort((a, b) => a - b);
    },
  });

  const drawn = virtual.getVirtualItems();
  const [first, last] = [drawn[0]?.index ?? 0, drawn.at(-1)?.index ?? 0];
  useEffect(() => {
    const ending = endingIn(rows, first, last, NEAR_END);
    for (const [n, { status }] of wanted.entries()) if (isPrinting || ending.has(status)) windows[n]?.loadMore();
  }, [rows, first, last, wanted, windows, isPrinting]);

  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || stage.get() !== null) return;
    const direction = directionOf(keyOf(event));
    if (event.ctrlKey || event.metaKey || event.altKey || (direction !== 'up' && direction !== 'down')) return;
    const target = event.target instanceof Element ? event.target : null;
    if (target !== document.body && !(scroller.current?.contains(target) && target?.closest('[data-focus]'))) return;
    const here = focusedTask();
    const step = direction === 'up' ? -1 : 1;
    let index = rows.findIndex((row) => row.kind === 'task' && row.task.id === here);
    if (index < 0 && step < 0) return;
    do index += step;
    while (rows[index]?.kind === 'group');
    const next = rows[index];
    event.preventDefault();
    if (next?.kind !== 'task') return;
    if (event.shiftKey) selectTo(next.task.id, here ?? undefined);
    focusTask(next.task.id);
  });
  useEffect(() => {
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);

  return (
    <main className={shell.page}>
      <FilterBar
        team={team}
        title={t('nav.list')}
        canEdit={canEdit}
        shown={isFiltering(filters) ? totalOf(windows) : undefined}
      >
        <Menu
          align="end"
          trigger={
            <Button look="ghost" aria-label={t('list.sortedBy', { order: t(`sort.${sort}`) })}>
              <Icon name="down" size={14} />
              <span className={bar.buttonText}>{t(`sort.${sort}`)}</span>
            </Button>
          }
        >
          <MenuChoice
            label={t('list.sort')}
            value={sort}
            options={SORTS.map((value) => ({ value, text: t(`sort.${value}`) }))}
            onChange={setSort}
          />
        </Menu>
      </FilterBar>
      {failed !== undefined ? (
        <Failed error={failed.error} onRetry={failed.retry} />
      ) : isPending ? (
        <ListSkeleton />
      ) : rows.length === 0 ? (
        <Nothing isFiltered={isFiltering(filters)} canEdit={canEdit} onClear={() => setFilters(NO_FILTERS)} />
      ) : (
        <div ref={scroller} className={css.scroller} data-testid="list">
          <ul className={css.rows} style={{ height: virtual.getTotalSize() }}>
            {drawn.map(({ index, start, key, size }) => {
              const row = rows[index];
              if (row === undefined) return null;
              return (
                <li key={key} className={css.place} style={{ transform: `translateY(${start}px)`, height: size }}>
                  {row.kind === 'group' ? (
                    <button
                      type="button"
                      className={css.group}
                      aria-expanded={!folded.includes(row.status)}
                      onClick={() => setFolded((now) => toggled(now, row.status))}
                    >
                      <Icon name={folded.includes(row.status) ? 'right' : 'down'} size={12} />
                      <StatusIcon status={row.status} />
                      {t(`status.${row.status}`)}
                      <span className={css.count}>{row.count}</span>
                    </button>
                  ) : (
                    <TaskRow
                      team={team}
                      task={row.task}
                      directory={directory}
                      keyLength={keyLength}
                      isTabStop={index === tabStop}
                    />
                  )}
                </li>
              );
            })}
          </ul>
        </div>
      )}
    </main>
  );
}

function Nothing({ isFiltered, canEdit, onClear }: { isFiltered: boolean; canEdit: boolean; onClear: () => void }) {
  const { t } = useTranslation();
  if (isFiltered) {
    return (
      <Empty
        icon="filter"
        title={t('list.noMatch')}
        text={t('list.noMatchText')}
        action={<Button onClick={onClear}>{t('filter.clear')}</Button>}
      />
    );
  }
  const hint = (
    <>
      {t('board.emptyText')} <Keys keys="c" />
    </>
  );
  return (
    <Empty
      icon="list"
      title={t('board.empty')}
      text={canEdit ? hint : undefined}
      action={
        canEdit && (
          <Button look="primary" onClick={() => open({ kind: 'new-task', status: 'pending' })}>
            {t('task.new')}
          </Button>
        )
      }
    />
  );
}

function ListSkeleton() {
  return (
    <Loading>
      <div className={css.skeletons}>
        {Array.from({ length: 12 }, (_, row) => (
          <Skeleton key={row} height={20} width={`${92 - ((row * 17) % 40)}%`} />
        ))}
      </div>
    </Loading>
  );
}
