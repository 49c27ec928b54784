import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { atLeast, STATUSES, type Status, type Task } from '../api/types.ts';
import { FilterBar } from '../list/FilterBar.tsx';
import { isFiltering, matcher } from '../list/filters.ts';
import { useFilters } from '../list/useFilters.ts';
import shell from '../shell/shell.module.css';
import { useTaskActions } from '../task/actions.ts';
import { columnsOf } from '../task/position.ts';
import { teamsQuery } from '../task/queries.ts';
import { useShown } from '../task/shown.ts';
import { useDirectory, useTasks } from '../task/useTasks.ts';
import { Button } from '../ui/Button.tsx';
import { Keys } from '../ui/Chips.tsx';
import { open } from '../ui/stage.ts';
import { Empty, Failed } from '../ui/States.tsx';
import { BoardSkeleton } from './BoardSkeleton.tsx';
import css from './board.module.css';
import { Column } from './Column.tsx';
import { isSamePlace, placeOf } from './lift.ts';
import { useBoardKeys } from './useBoardKeys.ts';
import { useDrops } from './useDrag.ts';

export function Board({ team }: { team: string }) {
  const { t } = useTranslation();
  const { tasks, isPending, isComplete, error, retry } = useTasks(team);
  const directory = useDirectory(team);
  const actions = useTaskActions(team);
  const { filters, setFilters } = useFilters();
  const role = useQuery(teamsQuery()).data?.find(({ key }) => key === team)?.role;
  const canEdit = role !== undefined && atLeast(role, 'member');

  const settled = useMemo(() => columnsOf(tasks.filter(matcher(filters))), [tasks, filters]);
  const shownStatuses = filters.statuses.length === 0 ? STATUSES : filters.statuses;

  const move = useCallback(
    (task: Task, status: Status, index: number) => {
      if (isSamePlace(settled, task, status, index)) return;
      void actions.move(task, placeOf(settled, task, status, index));
    },
    [actions, settled],
  );
  useDrops(settled, move, canEdit);

  const { board, lift, columns, said, putBack } = useBoardKeys({ columns: settled, statuses: shownStatuses, canEdit, move });
  useShown(useMemo(() => shownStatuses.map((status) => settled[status]), [shownStatuses, settled]));

  const isEmpty = isComplete && tasks.length === 0;
  return (
    <main className={shell.page}>
      <FilterBar
        team={team}
        title={t('nav.board')}
        filters={filters}
        onChange={setFilters}
        canEdit={canEdit}
        shown={isFiltering(filters) ? Object.values(settled).reduce((sum, { length }) => sum + length, 0) : undefined}
      />
      {error !== null ? (
        <Failed error={error} onRetry={retry} />
      ) : isPending ? (
        <BoardSkeleton />
      ) : isEmpty && canEdit ? (
        <Empty
          icon="board"
          title={t('board.empty')}
          text={
            <>
              {t('board.emptyText')} <Keys keys="c" />
            </>
          }
          action={
            <Button look="primary" onClick={() => open({ kind: 'new-task', status: 'pending' })}>
              {t('task.new')}
            </Button>
          }
        />
      ) : (
        // Leaving the board by Tab or pointer ends a move; the handler makes nothing interactive.
        // eslint-disable-next-line jsx-a11y/no-static-element-interactions
        <div
          ref={board}
          className={css.board}
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
          {shownStatuses.map((status) => (
            <Column
              key={status}
              team={team}
              status={status}
              tasks={columns[status]}
              directory={directory}
              canEdit={canEdit}
              lifted={lift?.status === status ? lift.task.id : null}
              isFiltered={isFiltering(filters)}
            />
          ))}
          <p className="visually-hidden" role="status" aria-live="assertive">
            {said}
          </p>
        </div>
      )}
    </main>
  );
}
