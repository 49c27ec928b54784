import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState, type RefObject } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { Link, useLocation, useSearchParams } from 'wouter';
import { api, unwrap } from '../api/client.ts';
import type { Notification } from '../api/types.ts';
import shell from '../shell/shell.module.css';
import { Button } from '../ui/Button.tsx';
import { Empty, Failed, Loading, RestFailed, Skeleton } from '../ui/States.tsx';
import { groupByTask, newestFirst, split, type Group } from './groups.ts';
import css from './inbox.module.css';
import { inboxPath, InboxLine } from './InboxLine.tsx';
import { markRead } from './read.ts';
import { ASK_EVERY_MS, inboxKey } from './unread.ts';
import { useInboxKeys } from './useInboxKeys.ts';

const PAGE = 50;

function useNotifications(onlyUnread: boolean) {
  return useInfiniteQuery({
    queryKey: [...inboxKey, onlyUnread ? 'unread' : 'all'],
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: PAGE, ...(onlyUnread && { unread: true }), ...(pageParam !== null && { cursor: pageParam }) };
      return unwrap(api.GET('/api/v1/notifications', { params: { query }, signal }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    refetchOnMount: 'always',
    // What happens in other teams isn't told.
    refetchInterval: ASK_EVERY_MS,
  });
}

/** What concerns the user, of all their teams, newest first; the open task lies beside it. */
export default function Inbox() {
  const [search] = useSearchParams();
  const onlyUnread = search.get('show') === 'unread';
  return <Notifications key={String(onlyUnread)} onlyUnread={onlyUnread} />;
}

function Notifications({ onlyUnread }: { onlyUnread: boolean }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const query = useNotifications(onlyUnread);
  const list = useRef<HTMLUListElement>(null);
  const all = useRemembered(query.data?.pages.flatMap((page) => page.items), onlyUnread);
  const frame = useRef<HTMLDivElement>(null);
  const { shown, held, showHeld } = useHeldBack(all, frame);
  const groups = useMemo(() => groupByTask(shown), [shown]);
  const [newest] = shown;
  const unread = shown.some(({ read_at }) => read_at === null);
  const [search] = useSearchParams();
  const [path, navigate] = useLocation();
  const isOpen = path.startsWith('/inbox/');
  // Without the reading pane, keys only move. Moving on through the list is no step in the history.
  const onMove = (group: Group) => isOpen && navigate(inboxPath(group, search), { replace: true });
  useInboxKeys({ list, groups, onMove });
  return (
    <main className={shell.page}>
      <header className={`${shell.head} ${css.head}`}>
        <h1 className={shell.headTitle}>{t('nav.inbox')}</h1>
        <nav className={css.tabs} aria-label={t('inbox.show')}>
          <Tab to="/inbox" text={t('inbox.showAll')} isOn={!onlyUnread} />
          <Tab to="/inbox?show=unread" text={t('inbox.showUnread')} isOn={onlyUnread} />
        </nav>
        {unread && <Button onClick={() => newest && void markRead(client, { upTo: newest.id })}>{t('inbox.readAll')}</Button>}
      </header>
      <div className={css.frame} ref={frame}>
        {held.length > 0 && (
          <button type="button" className={css.held} onClick={showHeld}>
            {t('inbox.new', { count: held.length })} · {t('inbox.showNew')}
          </button>
        )}
        <div className={shell.body}>
          {query.isPending ? (
            <Loading>
              <div className={css.skeletons}>
                <Skeleton height={48} />
                <Skeleton height={48} />
                <Skeleton height={48} />
              </div>
            </Loading>
          ) : query.data === undefined ? (
            <Failed error={query.error} onRetry={() => void query.refetch()} />
          ) : groups.length === 0 ? (
            <Empty icon="inbox" title={t(onlyUnread ? 'inbox.allRead' : 'inbox.empty')} text={t('inbox.emptyText')} />
          ) : (
            <ul ref={list} aria-label={t('inbox.list')}>
              {groups.map((group) => (
                <InboxLine
                  key={group.task}
                  group={group}
                  onOpen={() => void markRead(client, { task: group.task })}
                  onRead={() => void markRead(client, { ids: group.unread })}
                />
              ))}
            </ul>
          )}
          {query.isFetchNextPageError && <RestFailed error={query.error} onRetry={() => void query.fetchNextPage()} />}
          {query.hasNextPage && !query.isFetchNextPageError && (
            <p className={css.more}>
              <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                {t('inbox.older')}
              </Button>
            </p>
          )}
          {groups.length > 0 && <p className={css.keys}>{t('inbox.keys')}</p>}
        </div>
      </div>
    </main>
  );
}

function Tab({ to, text, isOn }: { to: string; text: string; isOn: boolean }) {
  const [, navigate] = useLocation();
  return (
    <Link
      href={to}
      className={css.tab}
      aria-current={isOn ? 'true' : undefined}
      onClick={(event) => {
        // A filter makes no entry in the history.
        event.preventDefault();
        navigate(to, { replace: true });
      }}
    >
      {text}
    </Link>
  );
}

/** Among unread notifications, one that has just been read stays until the list is opened anew: lines don't jump. */
function useRemembered(now: readonly Notification[] | undefined, isNeeded: boolean): readonly Notification[] {
  const [seen, setSeen] = useState<readonly Notification[]>([]);
  const [from, setFrom] = useState(now);
  if (isNeeded && now !== undefined && now !== from && !isSame(now, from)) {
    setFrom(now);
    const present = new Set(now.map(({ id }) => id));
    const readAt = new Date().toISOString();
    const gone = seen.filter(({ id }) => !present.has(id)).map((one) => ({ ...one, read_at: one.read_at ?? readAt }));
    setSeen([...now, ...gone].sort(newestFirst));
  }
  if (!isNeeded) return now ?? [];
  return seen.length === 0 ? (now ?? []) : seen;
}

function isSame(a: readonly Notification[], b: readonly Notification[] | undefined): boolean {
  return b !== undefined && a.length === b.length && a.every((one, n) => one === b[n]);
}

/** New notifications wait behind a button while the pointer or the focus is in the list or on the button: nothing moves under it. */
function useHeldBack(all: readonly Notification[], frame: RefObject<HTMLElement | null>) {
  const [newest, setNewest] = useState<Notification | undefined>(undefined);
  const isInUse = useIsInUse(frame);
  const first = all[0];
  if (first !== undefined && first.id !== newest?.id && (newest === undefined || !isInUse)) setNewest(first);
  const { shown, held } = split(all, newest);
  return { shown, held, showHeld: () => setNewest(first) };
}

function useIsInUse(list: RefObject<HTMLElement | null>): boolean {
  const [isInUse, setIsInUse] = useState(false);
  useEffect(() => {
    const element = list.current;
    if (element === null) return;
    const look = () => {
      const isAway = element.scrollTop > 0;
      setIsInUse(isAway || element.matches(':hover') || element.contains(document.activeElement));
    };
    // The focus has moved only after `focusout`.
    const later = () => queueMicrotask(look);
    const events = ['pointerenter', 'pointermove', 'pointerleave', 'focusin', 'scroll'] as const;
    for (const event of events) element.addEventListener(event, look);
    element.addEventListener('focusout', later);
    return () => {
      for (const event of events) element.removeEventListener(event, look);
      element.removeEventListener('focusout', later);
    };
  }, [list]);
  return isInUse;
}
