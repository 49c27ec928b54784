import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, type FocusEvent } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { atLeast, type Status, type Task } from '../api/types.ts';
import { FilterBar } from '../list/FilterBar.tsx';
import { isFiltering, shownStatuses as statusesOf, type Filters } from '../list/filters.ts';
import { Nothing } from '../list/Nothing.tsx';
import { PrintNote } from '../list/PrintNote.tsx';
import { useFilters } from '../list/useFilters.ts';
import shell from '../shell/shell.module.css';
import { useTaskActions } from '../task/actions.ts';
import { patchAll } from '../task/bulk.ts';
import { moveAll } from '../task/moveAll.ts';
import { orderOf } from '../task/order.ts';
import { teamsQuery } from '../task/queries.ts';
import { useShown } from '../task/shown.ts';
import { totalOf, useDirectory, useTaskWindows, type TaskWindow, type WantedWindow } from '../task/useTasks.ts';
import { Failed } from '../ui/States.tsx';
import { BoardSkeleton } from './BoardSkeleton.tsx';
import css from './board.module.css';
import { Column } from './Column.tsx';
import { FoldedColumn } from './FoldedColumn.tsx';
import { useFolds } from './folds.ts';
import { isSamePlace, neighboursOf, placeOf, type Columns } from './lift.ts';
import { useBoardKeys } from './useBoardKeys.ts';
import { useDragPart, useDrops, type Drag } from './useDrag.ts';

function windowsFor(statuses: readonly Status[], filters: Filters, folded: readonly Status[]): WantedWindow[] {
  return statuses.map((status) => ({
    filters,
    status,
    order: orderOf(status, 'position'),
    isFolded: folded.includes(status),
  }));
}

function columnsFrom(statuses: readonly Status[], windows: readonly TaskWindow[]): Columns {
  const columns: Columns = { pending: [], in_progress: [], blocked: [], completed: [], cancelled: [] };
  for (const [n, status] of statuses.entries()) columns[status] = windows[n]?.tasks ?? [];
  return columns;
}

/** Browsers leave a card where it is of which a strip is in sight. A click moves nothing under the pointer. */
function revealColumn({ currentTarget: board, target }: FocusEvent<HTMLElement>): void {
  const column = target.matches(':focus-visible') ? target.closest('section') : null;
  if (column === null) return;
  const [outer, inner] = [board.getBoundingClientRect(), column.getBoundingClientRect()];
  const left = inner.left < outer.left ? inner.left - outer.left : Math.max(0, inner.right - outer.right);
  board.scrollBy({ left, behavior: 'instant' });
}

const NONE_FOLDED: readonly Status[] = [];

export function Board({ team }: { team: string }) {
  const { t } = useTranslation();
  const directory = useDirectory(team);
  const actions = useTaskActions(team);
  const { filters } = useFilters();
  const role = useQuery(teamsQuery()).data?.find(({ key }) => key === team)?.role;
  const canEdit = role !== undefined && atLeast(role, 'member');

  const shownStatuses = useMemo(() => statusesOf(filters), [filters]);
  const [folds, toggleFold] = useFolds(team);
  // What somebody filters for, they want to see.
  const folded = filters.statuses.length === 0 ? folds : NONE_FOLDED;
  const unfolded = useMemo(() => shownStatuses.filter((status) => !folded.includes(status)), [shownStatuses, folded]);
  const wanted = useMemo(() => windowsFor(shownStatuses, filters, folded), [shownStatuses, filters, folded]);
  const windows = useTaskWindows(team, wanted);
  const settled = useMemo(() => columnsFrom(shownStatuses, windows), [shownStatuses, windows]);

  const move = useCallback(
    (task: Task, status: Status, index: number) => {
      if (isSamePlace(settled, task, status, index)) return;
      // What is closed has no manual order: the latest comes first.
      if (orderOf(status, 'position') !== 'position') {
        if (task.status !== status) void actions.move(task, { status });
        return;
      }
      void actions.move(task, placeOf(settled, task, status, index));
    },
    [actions, settled],
  );
  const drop = useCallback(
    (tasks: readonly Task[], status: Status, index: number) => {
      const [first] = tasks;
      if (tasks.length === 1 && first !== undefined) move(first, status, index);
      else if (orderOf(status, 'position') === 'position') moveAll(actions, tasks, status, neighboursOf(settled, tasks, status, index));
      else void patchAll(actions, tasks, (task) => (task.status === status ? null : { status }));
    },
    [actions, move, settled],
  );
  useDrops(team, settled, drop, canEdit);

  const { board, lift, columns, said, putBack } = useBoardKeys({ columns: settled, statuses: unfolded, canEdit, move });
  const held = windows.reduce((sum, { tasks }) => sum + tasks.length, 0);
  const read = windows.filter((_, n) => wanted[n]?.isFolded !== true);
  // A column that failed says so by itself.
  const [failed] = held === 0 && read.every(({ error }) => error !== null) ? read : [];
  const isPending = held === 0 && read.some((window) => window.isPending && window.error === null);
  const isEmpty = held === 0 && windows.every(({ total }) => total === 0);
  const isDrawn = failed === undefined && !isPending && !isEmpty;
  const beginScrolling = useCallback(
    (drag: Drag) => (board.current === null ? undefined : drag.board(board.current)),
    [board],
  );
  useDragPart(canEdit && isDrawn, beginScrolling);
  useShown(useMemo(() => unfolded.map((status) => settled[status]), [unfolded, settled]), true);

  return (
    <main className={shell.page}>
      <FilterBar
        team={team}
        title={t('nav.board')}
        canEdit={canEdit}
        shown={isFiltering(filters) ? totalOf(windows) : undefined}
      />
      <PrintNote team={team} windows={windows.filter((_, n) => wanted[n]?.isFolded !== true)} />
      {failed !== undefined ? (
        <Failed error={failed.error} onRetry={failed.retry} />
      ) : isPending ? (
        <BoardSkeleton />
      ) : isEmpty ? (
        <Nothing isFiltered={isFiltering(filters)} canEdit={canEdit} />
      ) : (
        // Leaving the board by Tab or pointer ends a move; the handler makes nothing interactive.
        // eslint-disable-next-line jsx-a11y/no-static-element-interactions
        <div
          ref={board}
          className={css.board}
          onFocus={revealColumn}
          onBlur={(event) => {
            // A card that is drawn anew isn't leaving.
            if (lift !== null && event.relatedTarget !== null && !event.currentTarget.contains(event.relatedTarget)) {
              putBack();
            }
          }}
        >
          <p id="board-help" hidden>
            {t(canEdit ? 'board.help' : 'board.helpViewer')}
          </p>
          {shownStatuses.map((status, n) =>
            folded.includes(status) ? (
              <FoldedColumn
                key={status}
                status={status}
                count={windows[n]?.total}
                canEdit={canEdit}
                onUnfold={toggleFold}
              />
            ) : (
              <Column
                key={status}
                team={team}
                status={status}
                tasks={columns[status]}
                window={windows[n]}
                directory={directory}
                canEdit={canEdit}
                lifted={lift?.status === status ? lift.task.id : null}
                isFiltered={isFiltering(filters)}
                onFold={toggleFold}
              />
            ),
          )}
          <p className="visually-hidden" role="status" aria-live="assertive">
            {said}
          </p>
        </div>
      )}
    </main>
  );
}
