import { defaultRangeExtractor, useVirtualizer, type Range } from '@tanstack/react-virtual';
import { useEffect, useEffectEvent, useLayoutEffect, useMemo, useRef } from 'react';
import { useTranslation } from '../i18n/index.ts';
import type { Status } from '../api/types.ts';
import { directionOf, focused, focusedTask, focusTask, isExtending, isFree, returnFocus } from '../board/focus.ts';
import { useAnchor } from '../board/useAnchor.ts';
import { useTaskActions } from '../task/actions.ts';
import { selectTo } from '../task/selection.ts';
import { useDirectory } from '../task/useTasks.ts';
import { isComposing } from '../ui/composing.ts';
import { Icon, StatusIcon } from '../ui/Icon.tsx';
import { keyOf } from '../ui/keys.ts';
import { printing } from '../ui/printing.ts';
import { stage } from '../ui/stage.ts';
import { useStore } from '../ui/useStore.ts';
import { viewer } from './filters.ts';
import css from './list.module.css';
import { endingIn, GROUPS, type Row } from './rows.ts';
import { TaskRow } from './TaskRow.tsx';
import { useNarrow } from './useNarrow.ts';

interface Props {
  team: string;
  rows: readonly Row[];
  /** What list this is: coming back to it scrolls to where it was. */
  place: string;
  date: 'updated_at' | 'created_at';
  canEdit: boolean;
  /** How many changes of others are held back. */
  news: number;
  onRelease: () => void;
  onPoint: (isPointedAt: boolean) => void;
  onFold: (status: Status) => void;
  onEnd: (ending: ReadonlySet<Status>) => void;
}

const ROW_REM = 2.25;
const NARROW_ROW_REM = 3.75;
/** The headings of the columns, above the rows. */
const HEAD_REM = 1.75;
/** A group reads on when so many of its rows are left below. */
const NEAR_END = 40;
const MOST_PLACES = 20;

/** How far each list was scrolled, in pixels. */
const scrolled = new Map<string, number>();

function keepPlace(place: string, top: number): void {
  scrolled.delete(place);
  scrolled.set(place, top);
  const [oldest] = scrolled.keys();
  if (scrolled.size > MOST_PLACES && oldest !== undefined) scrolled.delete(oldest);
}

export function ListRows(props: Props) {
  const { team, rows, place, date, canEdit, news, onRelease, onPoint, onFold, onEnd } = props;
  const { t } = useTranslation();
  const directory = useDirectory(team);
  const actions = useTaskActions(team);
  const { me } = viewer();
  const scroller = useRef<HTMLDivElement>(null);
  const isPrinting = useStore(printing, (now) => now);
  const isNarrow = useNarrow();
  const rem = useMemo(() => parseFloat(getComputedStyle(document.documentElement).fontSize), []);
  const head = isNarrow ? 0 : HEAD_REM * rem;
  const height = (isNarrow ? NARROW_ROW_REM : ROW_REM) * rem;
  const groupHeight = ROW_REM * rem;
  const keyLength = useMemo(
    () => rows.reduce((most, row) => (row.kind === 'task' ? Math.max(most, row.task.key.length) : most), 0),
    [rows],
  );
  const activeIndex = useStore(focused, (active) => rows.findIndex((row) => row.kind === 'task' && row.id === active));
  const tabStop = activeIndex < 0 ? rows.findIndex(({ kind }) => kind === 'task') : activeIndex;
  const groups = useMemo(() => rows.flatMap((row, index) => (row.kind === 'group' ? [index] : [])), [rows]);
  const stuck = useRef(-1);
  // eslint-disable-next-line react-hooks/incompatible-library -- the virtualizer draws anew by itself
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => rows[index]?.id ?? index,
    estimateSize: (index) => (rows[index]?.kind === 'group' ? groupHeight : height),
    initialOffset: () => scrolled.get(place) ?? 0,
    scrollMargin: head,
    overscan: 12,
    rangeExtractor: (range: Range) => {
      stuck.current = groups.findLast((index) => index <= range.startIndex) ?? -1;
      const drawn = new Set([stuck.current, ...defaultRangeExtractor(range), activeIndex]);
      return [...drawn].filter((index) => index >= 0).sort((a, b) => a - b);
    },
  });
  useAnchor(virtual, rows);
  useLayoutEffect(() => virtual.measure(), [virtual, height]);
  const drawn = virtual.getVirtualItems();
  const inSight = virtual.range;

  useEffect(() => {
    if (isPrinting) onEnd(new Set(GROUPS));
    else if (inSight !== null) onEnd(endingIn(rows, inSight.startIndex, inSight.endIndex, NEAR_END));
    // What is in sight sets it off, and what there is to read.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [rows, inSight?.startIndex, inSight?.endIndex, isPrinting]);
  useEffect(() => {
    const list = scroller.current;
    if (list === null) return;
    const keep = () => keepPlace(place, list.scrollTop);
    list.addEventListener('scroll', keep, { passive: true });
    return () => list.removeEventListener('scroll', keep);
  }, [place]);
  // The focus comes along from the board.
  useEffect(() => {
    const active = focused.get();
    if (active !== null) returnFocus(active);
  }, []);

  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || isComposing(event) || stage.get() !== null) return;
    const direction = directionOf(keyOf(event));
    if (event.ctrlKey || event.metaKey || event.altKey || (direction !== 'up' && direction !== 'down')) return;
    const target = event.target instanceof Element ? event.target : null;
    const isNear = scroller.current?.contains(target) && target?.closest('[data-focus]');
    if (!isNear && !isFree(event)) return;
    const here = focusedTask() ?? focused.get();
    const step = direction === 'up' ? -1 : 1;
    let index = rows.findIndex((row) => row.kind === 'task' && row.id === here);
    if (index < 0 && step < 0) return;
    let next: Row | undefined;
    do next = rows[(index += step)];
    while (next !== undefined && (next.kind === 'group' || next.isGone));
    event.preventDefault();
    if (next?.kind !== 'task') return;
    if (isExtending(event)) selectTo(next.id, here ?? undefined);
    focusTask(next.id);
  });
  useEffect(() => {
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);

  const shown = isPrinting ? rows.map((_, index) => ({ index, start: 0, size: 0 })) : drawn;
  return (
    <div
      ref={scroller}
      className={css.scroller}
      data-testid="list"
      data-printing={isPrinting || undefined}
      onPointerEnter={(event) => onPoint(event.pointerType === 'mouse')}
      onPointerLeave={() => onPoint(false)}
      style={{ ['--key' as string]: `${keyLength}ch` }}
    >
      <div className={css.head} aria-hidden="true">
        <span className={css.headKey}>{t('list.key')}</span>
        <span className={css.headTitle}>{t('list.title')}</span>
        <span className={css.headLabels}>{t('property.labels')}</span>
        <span className={css.headDue}>{t('property.due_at')}</span>
        <span className={css.headPeople}>{t('property.assignees')}</span>
        <span className={css.headDate}>{t(`list.${date}`)}</span>
      </div>
      {news > 0 && (
        <div className={css.news}>
          <button type="button" className={css.newsButton} onClick={onRelease}>
            {t('list.heldBack', { count: news })}
          </button>
        </div>
      )}
      <ul className={css.rows} style={{ height: isPrinting ? 'auto' : virtual.getTotalSize() }} aria-label={t('nav.list')}>
        {shown.map(({ index, start, size }) => {
          const row = rows[index];
          if (row === undefined) return null;
          const isStuck = index === stuck.current && !isPrinting;
          return (
            <li
              key={row.id}
              className={isPrinting ? undefined : isStuck ? css.stuck : css.place}
              style={isPrinting ? {} : { transform: isStuck ? 'none' : `translateY(${start - head}px)`, height: size }}
              aria-setsize={row.kind === 'task' ? row.of : undefined}
              aria-posinset={row.kind === 'task' ? row.place : undefined}
            >
              {row.kind === 'group' ? (
                <h2 className={css.groupHeading}>
                  <button type="button" className={css.group} aria-expanded={!row.isFolded} onClick={() => onFold(row.status)}>
                    <span className={css.fold} data-folded={row.isFolded || undefined}>
                      <Icon name="down" size={12} />
                    </span>
                    <StatusIcon status={row.status} />
                    {t(`status.${row.status}`)} <span className={css.count}>{row.count}</span>
                  </button>
                </h2>
              ) : (
                <TaskRow
                  team={team}
                  task={row.task}
                  me={me}
                  directory={directory}
                  actions={actions}
                  canEdit={canEdit}
                  isTabStop={index === tabStop}
                  isKept={row.isKept}
                  isGone={row.isGone}
                  date={date}
                />
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
