import { useTranslation } from '../i18n/index.ts';
import { totalOf, type TaskWindow } from '../task/useTasks.ts';
import { printing } from '../ui/printing.ts';
import { useStore } from '../ui/useStore.ts';

/** Says on paper that not all tasks have been loaded. */
export function PrintNote({ windows }: { windows: readonly TaskWindow[] }) {
  const { t } = useTranslation();
  const isPrinting = useStore(printing, (now) => now);
  if (!isPrinting || windows.every(({ isComplete }) => isComplete)) return null;
  const count = windows.reduce((sum, { tasks }) => sum + tasks.length, 0);
  const total = totalOf(windows);
  return <p data-paper>{total === undefined ? t('print.partly', { count }) : t('print.partlyOf', { count, total })}</p>;
}
