import { useTranslation } from '../i18n/index.ts';
import { Sentence } from '../i18n/Sentence.tsx';
import { Button } from '../ui/Button.tsx';
import { Keys } from '../ui/Chips.tsx';
import { open } from '../ui/stage.ts';
import { Empty, Loading, Skeleton } from '../ui/States.tsx';
import { setFilters } from './current.ts';
import { NO_FILTERS } from './filters.ts';
import css from './list.module.css';

/** An empty list, and the way out of it. */
export function Nothing({ isFiltered, canEdit }: { isFiltered: boolean; canEdit: boolean }) {
  const { t } = useTranslation();
  if (isFiltered) {
    return (
      <Empty
        icon="filter"
        title={t('list.noMatch')}
        text={t('list.noMatchText')}
        action={<Button onClick={() => setFilters(NO_FILTERS)}>{t('filter.clear')}</Button>}
      />
    );
  }
  const hint = (
    <>
      {t('board.emptyText')}{' '}
      <span data-keys>
        <Sentence of="board.emptyKey" parts={{ key: <Keys keys="c" /> }} />
      </span>
    </>
  );
  return (
    <Empty
      icon="list"
      title={t('board.empty')}
      text={canEdit ? hint : t('board.emptyViewer')}
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

export function ListSkeleton() {
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
