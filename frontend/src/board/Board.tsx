import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { atLeast, STATUSES, type Status, type Task } from '../api/types.ts';
import { FilterBar } from '../list/FilterBar.tsx';
import { isFiltering, matcher } from '../list/filters.ts';
import { useFilters } from '../list/useFilters.ts';
import shell from '../shell/shell.module.css';
import { useTaskActions } from '../task/actions.ts';
import { isDraft } from '../task/pending.ts';
import { columnsOf } from '../task/position.ts';
import { teamsQuery } from '../task/queries.ts';
import { useDirectory, useTasks } from '../task/useTasks.ts';
import { Button } from '../ui/Button.tsx';
import { Keys } from '../ui/Chips.tsx';
import { open } from '../ui/stage.ts';
import { Empty, Failed } from '../ui/States.tsx';
import { BoardSkeleton } from './BoardSkeleton.tsx';
import css from './board.module.css';
import { Column } from './Column.tsx';
import { directionOf, focusTask, neighbourOf } from './focus.ts';
import { carry, isSamePlace, liftedColumns, placeOf, type Lift } from './lift.ts';
import { useDrops } from './useDrag.ts';

export function Board({ team }: { team: string }) {
  const { t } = useTranslation();
  const { tasks, isPending, isComplete, error, retry } = useTasks(team);
  const directory = useDirectory(team);
  const actions = useTaskActions(team);
  const { filters, setFilters } = useFilters();
  const role = useQuery(teamsQuery()).data?.find(({ key }) => key === team)?.role;
  const canEdit = role !== undefined && atLeast(role, 'member');
  const [lift, setLift] = useState<Lift | null>(null);
  const [said, setSaid] = useState('');
  const [active, setActive] = useState<string | null>(null);

  const settled = useMemo(() => columnsOf(tasks.filter(matcher(filters))), [tasks, filters]);
  const columns = useMemo(() => (lift ? liftedColumns(settled, lift) : settled), [settled, lift]);
  const shownStatuses = filters.statuses.length === 0 ? STATUSES : filters.statuses;

  const move = useCallback(
    (task: Task, status: Status, index: number) => {
      if (isSamePlace(settled, task, status, index)) return;
      void actions.move(task, placeOf(settled, task, status, index));
    },
    [actions, settled],
  );
  useDrops(settled, move, canEdit);

  const say = (key: 'lifted' | 'carried' | 'dropped' | 'putBack', now: Lift, all = columns) => {
    const values = { task: now.task.key, status: t(`status.${now.status}`), index: now.index + 1 };
    setSaid(t(`board.${key}`, { ...values, count: all[now.status].length }));
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const card = (event.target as HTMLElement).closest<HTMLElement>('[data-task]');
    const task = tasks.find(({ id }) => id === card?.dataset.task);
    if (task === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const direction = directionOf(event.key);
    if (lift !== null) {
      if (event.key === ' ' || event.key === 'Enter') {
        say('dropped', lift);
        setLift(null);
        move(lift.task, lift.status, lift.index);
      } else if (event.key === 'Escape') {
        say('putBack', lift);
        setLift(null);
      } else if (direction !== null) {
        const next = carry(settled, shownStatuses, lift, direction);
        setLift(next);
        say('carried', next, liftedColumns(settled, next));
      }
      if (event.key !== 'Tab') event.preventDefault();
      focusTask(lift.task.id);
      return;
    }
    if (event.key === ' ' && canEdit && !isDraft(task)) {
      event.preventDefault();
      const next = { task, status: task.status, index: columns[task.status].indexOf(task) };
      setLift(next);
      say('lifted', next);
    } else if (direction !== null) {
      const next = neighbourOf(columns, shownStatuses, task, direction);
      event.preventDefault();
      if (next === undefined) return;
      setActive(next.id);
      focusTask(next.id);
    }
  };

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
        // The keys belong to the cards in it; each card is a link of its own.
        // eslint-disable-next-line jsx-a11y/no-static-element-interactions
        <div
          className={css.board}
          onKeyDown={onKeyDown}
          onBlur={(event) => {
            // Whoever leaves the board in the middle of a move takes it back; a card that is drawn anew isn't leaving.
            if (lift !== null && event.relatedTarget !== null && !event.currentTarget.contains(event.relatedTarget)) {
              setLift(null);
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
              active={active}
              onActive={setActive}
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
