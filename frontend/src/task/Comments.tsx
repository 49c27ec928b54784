import { useQuery } from '@tanstack/react-query';
import { Suspense, useCallback, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { atLeast, type Comment, type Role, type Task, type User } from '../api/types.ts';
import { parts } from '../shell/ahead.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { IconButton } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Menu, MenuItem } from '../ui/Menu.tsx';
import { Failed, Loading, Skeleton } from '../ui/States.tsx';
import { Ago } from '../ui/Time.tsx';
import { draftOf, keepDraft } from './drafts.ts';
import { MarkdownEditor } from './MarkdownEditor.tsx';
import css from './panel.module.css';
import { commentsQuery } from './queries.ts';
import { useCommentActions } from './useComments.ts';
import { useDirectory } from './useTasks.ts';
import { useWanted } from './useWanted.ts';

const { Markdown } = parts;

interface Props {
  team: string;
  task: Task;
  me: User;
  role: Role;
  canComment: boolean;
}

export function Comments({ team, task, me, role, canComment }: Props) {
  const { t } = useTranslation();
  const query = useQuery(commentsQuery(team, task));
  const actions = useCommentActions(team, task, me);
  const key = `comment ${task.id}`;
  const [text, setText] = useState(draftOf(key) ?? '');
  const field = useRef<HTMLTextAreaElement>(null);
  const take = useCallback(() => field.current?.focus(), []);
  useWanted(task.id, 'comment', take);
  const write = (next: string) => {
    setText(next);
    keepDraft(key, next);
  };
  const send = async () => {
    const body = text.trim();
    if (body === '') return;
    write('');
    const isSaved = await actions.add(body);
    if (!isSaved) write(body);
  };
  return (
    <div className={css.comments}>
      {query.isPending && (
        <Loading>
          <Skeleton height={48} />
        </Loading>
      )}
      {query.error !== null && query.data === undefined && (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.data?.length === 0 && <p className={css.faint}>{t('comment.none')}</p>}
      <ul className={css.commentList}>
        {query.data?.map((comment) => (
          <li key={comment.id}>
            <One
              team={team}
              comment={comment}
              isMine={comment.author_id === me.id}
              canDelete={comment.author_id === me.id || atLeast(role, 'admin')}
              onEdit={(body) => actions.edit(comment, body)}
              onDelete={() => void actions.remove(comment)}
            />
          </li>
        ))}
      </ul>
      {canComment && (
        <MarkdownEditor
          label={t('comment.write')}
          placeholder={t('comment.placeholder')}
          value={text}
          onChange={write}
          onSave={() => void send()}
          saveText={t('comment.send')}
          textRef={field}
        />
      )}
    </div>
  );
}

interface OneProps {
  team: string;
  comment: Comment;
  isMine: boolean;
  canDelete: boolean;
  onEdit: (body: string) => Promise<boolean>;
  onDelete: () => void;
}

function One({ team, comment, isMine, canDelete, onEdit, onDelete }: OneProps) {
  const { t } = useTranslation();
  const directory = useDirectory(team);
  const [draft, setDraft] = useState<string | null>(null);
  const name = directory.nameOf(comment.author_id);
  const isEdited = comment.updated_at !== comment.created_at;
  const save = async () => {
    const body = (draft ?? '').trim();
    if (body !== '' && (await onEdit(body))) setDraft(null);
  };
  return (
    <article className={css.comment}>
      <header className={css.commentHead}>
        <Avatar id={comment.author_id} name={name} />
        <strong>{name}</strong>
        <Ago className={css.faint} at={comment.created_at} />
        {isEdited && <span className={css.faint}>· {t('comment.edited')}</span>}
        {canDelete && (
          <Menu
            align="end"
            trigger={
              <IconButton label={t('comment.more', { name })} className={css.more}>
                <Icon name="more" />
              </IconButton>
            }
          >
            {isMine && (
              <MenuItem icon={<Icon name="edit" />} onSelect={() => setDraft(comment.body)}>
                {t('common.edit')}
              </MenuItem>
            )}
            <MenuItem icon={<Icon name="trash" />} onSelect={onDelete}>
              {t('common.delete')}
            </MenuItem>
          </Menu>
        )}
      </header>
      {draft === null ? (
        <Suspense fallback={<Skeleton />}>
          <Markdown source={comment.body} />
        </Suspense>
      ) : (
        <MarkdownEditor
          label={t('comment.edit')}
          placeholder={t('comment.placeholder')}
          value={draft}
          onChange={setDraft}
          onSave={() => void save()}
          saveText={t('common.save')}
          onCancel={() => setDraft(null)}
          autoFocus
        />
      )}
    </article>
  );
}
