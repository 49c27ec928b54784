import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { atLeast, type Role, type Task, type User } from '../api/types.ts';
import { useDraft } from '../drafts/useDraft.ts';
import { Button } from '../ui/Button.tsx';
import { takeAhead } from '../ui/stage.ts';
import { Failed, Loading, Skeleton } from '../ui/States.tsx';
import { OneComment } from './OneComment.tsx';
import { KeepPlace } from './KeepPlace.tsx';
import { MarkdownEditor, type EditorHandle } from './MarkdownEditor.tsx';
import css from './panel.module.css';
import { commentsQuery } from './queries.ts';
import { useCommentActions, type CommentActions } from './useComments.ts';
import { useWanted } from './useWanted.ts';

interface Props {
  team: string;
  task: Task;
  me: User;
  role: Role;
  canComment: boolean;
}

/** So many of the newest are drawn at first, and more at each request. */
const PAGE = 30;

export function Comments({ team, task, me, role, canComment }: Props) {
  const { t } = useTranslation();
  const query = useQuery(commentsQuery(team, task));
  const actions = useCommentActions(team, task, me);
  /** The first that is drawn, from the end: what is added later doesn't take the place of what was read. */
  const [first, setFirst] = useState<string | null>(null);
  const all = query.data ?? [];
  const found = first === null ? -1 : all.findIndex(({ id }) => id === first);
  const start = found >= 0 ? found : Math.max(0, all.length - PAGE);
  const older = () => setFirst(all[Math.max(0, start - PAGE)]?.id ?? null);
  const shown = all[start]?.id;
  if (first === null && shown !== undefined) setFirst(shown);
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
      {start > 0 && (
        <Button look="ghost" onClick={older}>
          {t('comment.older', { count: start })}
        </Button>
      )}
      <ul className={css.commentList}>
        {all.slice(start).map((comment) => (
          <li key={comment.id}>
            <OneComment
              team={team}
              comment={comment}
              isMine={comment.author_id === me.id}
              canDelete={comment.author_id === me.id || atLeast(role, 'admin')}
              actions={actions}
            />
          </li>
        ))}
      </ul>
      {canComment && (
        <KeepPlace className={css.composer}>
          <Composer task={task} onSend={actions.add} />
        </KeepPlace>
      )}
    </div>
  );
}

function Composer({ task, onSend }: { task: Task; onSend: CommentActions['add'] }) {
  const { t } = useTranslation();
  const scope = `comment:${task.id}`;
  const draft = useDraft(scope);
  const editor = useRef<EditorHandle>(null);
  const send = (text = draft.text) => {
    const body = text.trim();
    if (body === '') {
      editor.current?.focus();
      return;
    }
    const sent = { ...draft.draft, text };
    draft.discard();
    void onSend(body, { scope, draft: sent });
  };
  useWanted(task.id, 'comment', () => {
    editor.current?.focus();
    const ahead = takeAhead();
    const text = draft.text + ahead.text;
    if (ahead.isSent) send(text);
    else if (ahead.text !== '') draft.setText(text);
  });
  return (
    <MarkdownEditor
      label={t('comment.write')}
      placeholder={t('comment.placeholder')}
      value={draft.text}
      onChange={draft.setText}
      onSave={() => send()}
      saveText={t('comment.send')}
      onEscape={() => document.querySelector<HTMLElement>('[data-panel]')?.focus()}
      handle={editor}
    />
  );
}
