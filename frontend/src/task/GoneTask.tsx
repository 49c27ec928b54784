import { useTranslation } from '../i18n/index.ts';
import { Empty } from '../ui/States.tsx';
import { KeptTexts } from './KeptTexts.tsx';
import css from './panel.module.css';

/** The task was deleted. What its reader had written for it is kept, and offered to copy. */
export function GoneTask({ id }: { id: string | null }) {
  const { t } = useTranslation();
  return (
    <div className={css.body} data-panel-body>
      <Empty icon="search" title={t('task.gone')} text={t('task.goneText')} />
      <KeptTexts isOf={(scope) => id !== null && scope.endsWith(`:${id}`)} />
    </div>
  );
}
