import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { api, unwrap } from '../api/client.ts';
import { asProblem } from '../api/problem.ts';
import type { Notification } from '../api/types.ts';
import { taskPath } from '../shell/address.ts';
import shell from '../shell/shell.module.css';
import { useDirectory } from '../task/useTasks.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Button } from '../ui/Button.tsx';
import { explain } from '../ui/explain.ts';
import { Empty, Failed, Loading, Skeleton } from '../ui/States.tsx';
import { Ago } from '../ui/Time.tsx';
import { toast } from '../ui/toasts.ts';
import css from './inbox.module.css';

const LIST_KEY = ['notifications', 'list'] as const;
const PAGE = 50;

/** What concerns the user, of all their teams, newest first. */
export default function Inbox() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const query = useInfiniteQuery({
    queryKey: LIST_KEY,
    queryFn: ({ pageParam, signal }) => {
      const page = { limit: PAGE, ...(pageParam !== null && { cursor: pageParam }) };
      return unwrap(api.GET('/api/v1/notifications', { params: { query: page }, signal }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    refetchOnMount: 'always',
  });
  const all = query.data?.pages.flatMap((page) => page.items) ?? [];
  const unread = all.filter((one) => one.read_at === null);

  const read = async (which: { ids: string[] } | { all: true }) => {
    const isRead = ({ id }: Notification) => 'all' in which || which.ids.includes(id);
    const now = new Date().toISOString();
    client.setQueryData<typeof query.data>(LIST_KEY, (data) =>
      data === undefined
        ? data
        : {
            ...data,
            pages: data.pages.map((page) => ({
              ...page,
              items: page.items.map((one) => (isRead(one) ? { ...one, read_at: one.read_at ?? now } : one)),
            })),
          },
    );
    try {
      await unwrap(api.POST('/api/v1/notifications/read', { body: which }));
    } catch (error) {
      const what = t('inbox.marking');
      toast({ kind: 'error', text: t('errors.rolledBack', { what, reason: explain(asProblem(error)) }) });
    }
    await client.invalidateQueries({ queryKey: ['notifications'] });
  };

  return (
    <main className={shell.page}>
      <header className={shell.head}>
        <h1 className={shell.headTitle}>{t('nav.inbox')}</h1>
        {unread.length > 0 && <Button onClick={() => void read({ all: true })}>{t('inbox.readAll')}</Button>}
      </header>
      <div className={shell.body}>
        {query.isPending ? (
          <Loading>
            <div className={css.skeletons}>
              <Skeleton height={40} />
              <Skeleton height={40} />
              <Skeleton height={40} />
            </div>
          </Loading>
        ) : query.data === undefined ? (
          <Failed error={query.error} onRetry={() => void query.refetch()} />
        ) : all.length === 0 ? (
          <Empty icon="inbox" title={t('inbox.empty')} text={t('inbox.emptyText')} />
        ) : (
          <>
            <ul>
              {all.map((one) => (
                <li key={one.id}>
                  <Line one={one} onOpen={() => one.read_at === null && void read({ ids: [one.id] })} />
                </li>
              ))}
            </ul>
            {query.hasNextPage && (
              <p className={css.more}>
                <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                  {t('inbox.older')}
                </Button>
              </p>
            )}
          </>
        )}
      </div>
    </main>
  );
}

function Line({ one, onOpen }: { one: Notification; onOpen: () => void }) {
  const { t } = useTranslation();
  const directory = useDirectory(one.team_key);
  const name = directory.member(one.actor_id)?.user.name ?? t('common.formerMember');
  const number = Number(one.task_key.split('-').at(-1));
  const isComment = one.type.startsWith('comment') || one.type === 'commented';
  return (
    <Link href={taskPath(one.team_key, number)} className={css.line} data-unread={one.read_at === null} onClick={onOpen}>
      <span className={css.mark}>
        {one.read_at === null && <span className="visually-hidden">{t('nav.unread')}</span>}
      </span>
      <Avatar id={one.actor_id} name={name} size="large" />
      <span className={css.text}>
        <span className={css.title}>{one.title}</span>
        <span className={css.what}>
          {t(isComment ? 'inbox.commented' : 'inbox.assigned', { name })} · {one.task_key}
        </span>
      </span>
      <Ago className={css.what} at={one.created_at} />
    </Link>
  );
}
