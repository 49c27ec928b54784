import { useQuery } from '@tanstack/react-query';
import { useNow } from '../i18n/clock.ts';
import { dayAndTime } from '../i18n/dates.ts';
import { useTranslation } from '../i18n/index.ts';
import { teamsQuery } from '../task/queries.ts';
import { totalOf, type TaskWindow } from '../task/useTasks.ts';
import { printing } from '../ui/printing.ts';
import { useStore } from '../ui/useStore.ts';

interface Props {
  team: string;
  windows: readonly TaskWindow[];
}

/** Says on paper whose tasks these are and of when, and that not all have been loaded. */
export function PrintNote({ team, windows }: Props) {
  const { t } = useTranslation();
  const isPrinting = useStore(printing, (now) => now);
  const name = useQuery(teamsQuery()).data?.find(({ key }) => key === team)?.name;
  const now = useNow('minute');
  if (!isPrinting) return null;
  const count = windows.reduce((sum, { tasks }) => sum + tasks.length, 0);
  const total = totalOf(windows);
  return (
    <>
      <p data-paper="head">
        <bdi>{name}</bdi> · {dayAndTime(new Date(now).toISOString())}
      </p>
      {windows.some(({ isComplete }) => !isComplete) && (
        <p data-paper="note">{total === undefined ? t('print.partly', { count }) : t('print.partlyOf', { count, total })}</p>
      )}
    </>
  );
}
