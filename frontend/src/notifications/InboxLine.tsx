import { useMemo } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { Link, useLocation, useSearchParams } from 'wouter';
import type { Notification } from '../api/types.ts';
import { isolated } from '../i18n/bidi.ts';
import { Sentence } from '../i18n/Sentence.tsx';
import { plainLine } from '../task/markdown.ts';
import { useDirectory } from '../task/useTasks.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { IconButton } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Ago } from '../ui/Time.tsx';
import { isComment, type Group } from './groups.ts';
import css from './inbox.module.css';

/** The address of the inbox with a task open beside it. */
export function inboxPath(group: Group, search: URLSearchParams): string {
  const next = new URLSearchParams(search);
  next.set('task', String(group.number));
  return `/inbox/${group.teamKey}?${next.toString()}`;
}

interface Props {
  group: Group;
  /** The task is opened, and all that happened to it is seen. */
  onOpen: () => void;
  /** What the line shows is read. */
  onRead: () => void;
}

/** What happened to one task. */
export function InboxLine({ group, onOpen, onRead }: Props) {
  const { t } = useTranslation();
  const [search] = useSearchParams();
  const { nameOf } = useDirectory(group.teamKey);
  const [latest] = group.items;
  const [path] = useLocation();
  const isOpen = path === `/inbox/${group.teamKey}` && search.get('task') === String(group.number);
  const content = (
    <>
      <span className={css.mark}>{group.unread.length > 0 && <span className="visually-hidden">{t('inbox.unread')} </span>}</span>
      <Avatar id={latest.actor_id} name={nameOf(latest.actor_id)} size="large" />
      <span className={css.text}>
        <span className={css.title} dir="auto">
          {group.title}
        </span>
        <What one={latest} name={nameOf(latest.actor_id)} />
        <span className={css.facts}>
          {group.taskKey}
          {group.isDeleted && <span className={css.deleted}>{t('inbox.deleted')}</span>}
          {group.items.length > 1 && <span>{t('inbox.more', { count: group.items.length - 1 })}</span>}
        </span>
      </span>
      <Ago className={css.when} at={latest.created_at} />
    </>
  );
  return (
    <li className={css.item} data-unread={group.unread.length > 0} data-open={isOpen}>
      {group.isDeleted ? (
        <span className={css.line} tabIndex={-1} data-line={group.task}>
          {content}
        </span>
      ) : (
        <Link
          href={inboxPath(group, search)}
          className={css.line}
          data-line={group.task}
          aria-current={isOpen ? 'true' : undefined}
          onClick={onOpen}
        >
          {content}
        </Link>
      )}
      {group.unread.length > 0 && (
        <span className={css.action}>
          <IconButton label={`${t('inbox.markRead')}: ${isolated(group.title)}`} onClick={onRead}>
            <Icon name="check" />
          </IconButton>
        </span>
      )}
    </li>
  );
}

/** Who did what, and the beginning of what they wrote. */
function What({ one, name }: { one: Notification; name: string }) {
  const excerpt = useMemo(() => plainLine(one.excerpt ?? ''), [one.excerpt]);
  return (
    <span className={css.what}>
      <Sentence of={isComment(one) ? 'inbox.commented' : 'inbox.assigned'} parts={{ name }} />
      {excerpt !== '' && (
        <>
          {': '}
          <bdi>{excerpt}</bdi>
        </>
      )}
    </span>
  );
}
