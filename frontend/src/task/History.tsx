import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from '../i18n/index.ts';
import type { Task } from '../api/types.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Button } from '../ui/Button.tsx';
import { Failed, Loading, RestFailed, Skeleton } from '../ui/States.tsx';
import { Ago } from '../ui/Time.tsx';
import css from './panel.module.css';
import { historyQuery } from './queries.ts';
import { sentence } from './sentence.ts';
import { useDirectory } from './useTasks.ts';

export function History({ team, task }: { team: string; task: Task }) {
  const { t } = useTranslation();
  const directory = useDirectory(team);
  const query = useInfiniteQuery(historyQuery(team, task));
  if (query.isPending) {
    return (
      <Loading>
        <Skeleton height={60} />
      </Loading>
    );
  }
  if (query.data === undefined) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <ol className={css.history}>
      {query.data.pages.flatMap(({ items }) => items).map((event) => {
        const name = directory.nameOf(event.actor_id);
        return (
          <li key={event.id} className={css.event}>
            <Avatar id={event.actor_id} name={name} />
            <span>
              <strong>
                <bdi>{name}</bdi>
              </strong> {sentence(event, directory)}{' '}
              <Ago className={css.faint} at={event.occurred_at} />
            </span>
          </li>
        );
      })}
      {query.hasNextPage && (
        <li>
          {query.isFetchNextPageError ? (
            <RestFailed error={query.error} onRetry={() => void query.fetchNextPage()} />
          ) : (
            <Button look="ghost" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              {t('task.olderHistory')}
            </Button>
          )}
        </li>
      )}
    </ol>
  );
}
