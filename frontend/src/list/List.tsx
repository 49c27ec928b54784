import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { atLeast, type Status } from '../api/types.ts';
import shell from '../shell/shell.module.css';
import { teamsQuery } from '../task/queries.ts';
import { useShown } from '../task/shown.ts';
import { totalOf, useTaskWindows, type WantedWindow } from '../task/useTasks.ts';
import { Button } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Menu, MenuChoice } from '../ui/Menu.tsx';
import { Failed, RestFailed } from '../ui/States.tsx';
import bar from './filter.module.css';
import { FilterBar } from './FilterBar.tsx';
import { isFiltering } from './filters.ts';
import { ListRows } from './ListRows.tsx';
import { ListSkeleton, Nothing } from './Nothing.tsx';
import { PrintNote } from './PrintNote.tsx';
import { useListPrefs } from './prefs.ts';
import { GROUPS, orderIn, rowsOf, SORTS } from './rows.ts';
import { useFilters } from './useFilters.ts';
import { useSteadyGroups } from './useSteadyGroups.ts';

/** The tasks of a team in rows, grouped by status. Each group is a window, read as far as it is scrolled. */
export default function List({ team }: { team: string }) {
  const { t } = useTranslation();
  const { filters } = useFilters();
  const role = useQuery(teamsQuery()).data?.find(({ key }) => key === team)?.role;
  const canEdit = role !== undefined && atLeast(role, 'member');
  const { sort, folded, setSort, toggleFold } = useListPrefs(team);
  const [isPointedAt, setIsPointedAt] = useState(false);
  const wanted = useMemo(
    () =>
      GROUPS.map((status): WantedWindow & { status: Status } => {
        return { filters, status, order: orderIn(status, sort), isFolded: folded.includes(status) };
      }),
    [filters, sort, folded],
  );
  const windows = useTaskWindows(team, wanted);
  const { steady, steadyTotals, count: news, release } = useSteadyGroups(
    useMemo(() => windows.map(({ tasks }) => tasks), [windows]),
    useMemo(() => windows.map(({ total }, n) => (wanted[n]?.isFolded === true ? total : undefined)), [windows, wanted]),
    isPointedAt,
  );
  const rows = useMemo(
    () =>
      rowsOf(
        wanted.map(({ status, isFolded = false }, n) => {
          const { tasks = [], gone, added } = steady[n] ?? {};
          const { total, kept } = windows[n] ?? {};
          const isHeldBack = added !== undefined && added.size > 0;
          return { status, tasks, total: isFolded ? steadyTotals[n] : total, isFolded, isHeldBack, ...(kept && { kept }), ...(gone && { gone }) };
        }),
      ),
    [wanted, windows, steady, steadyTotals],
  );
  const tasks = useMemo(() => rows.flatMap((row) => (row.kind === 'task' && !row.isGone ? [row.task] : [])), [rows]);
  useShown(useMemo(() => [tasks], [tasks]), sort === 'position');
  const isPending = rows.length === 0 && windows.some((window, n) => window.isPending && wanted[n]?.isFolded !== true);
  const failed = windows.find(({ error }) => error !== null);
  const loadMore = (ending: ReadonlySet<Status>) => {
    for (const [n, { status }] of wanted.entries()) if (ending.has(status)) windows[n]?.loadMore();
  };

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
      <PrintNote team={team} windows={windows.filter((_, n) => wanted[n]?.isFolded !== true)} />
      {failed !== undefined && rows.length === 0 ? (
        <Failed error={failed.error} onRetry={failed.retry} />
      ) : isPending ? (
        <ListSkeleton />
      ) : rows.length === 0 ? (
        <Nothing isFiltered={isFiltering(filters)} canEdit={canEdit} />
      ) : (
        <ListRows
          team={team}
          rows={rows}
          place={JSON.stringify([team, sort, filters])}
          date={sort === 'created' ? 'created_at' : 'updated_at'}
          canEdit={canEdit}
          news={news}
          onRelease={release}
          onPoint={setIsPointedAt}
          onFold={toggleFold}
          onEnd={loadMore}
        />
      )}
      {failed !== undefined && rows.length > 0 && (
        <RestFailed error={failed.error} onRetry={failed.retry} />
      )}
    </main>
  );
}

