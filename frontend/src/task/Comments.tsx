import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { atLeast, type Comment, type Role, type Task, type User } from '../api/types.ts';
import { useDraft } from '../drafts/useDraft.ts';
import { Button } from '../ui/Button.tsx';
import { printing } from '../ui/printing.ts';
import { takeAhead } from '../ui/stage.ts';
import { useStore } from '../ui/useStore.ts';
import { Failed, Loading, Skeleton } from '../ui/States.tsx';
import { OneComment } from './OneComment.tsx';
import { KeepPlace } from './KeepPlace.tsx';
import { KeptTexts } from './KeptTexts.tsx';
import { MarkdownEditor, type EditorHandle } from './MarkdownEditor.tsx';
import css from './panel.module.css';
import { commentsQuery } from './queries.ts';
import { useCommentActions, type CommentActions } from './useComments.ts';
import { MAX_COMMENT } from './TextLimit.tsx';
import { useWanted } from './useWanted.ts';

interface Props {
  team: string;
  task: Task;
  me: User;
  role: Role;
  canComment: boolean;
}

export function Comments({ team, task, me, role, canComment }: Props) {
  const { t } = useTranslation();
  const query = useInfiniteQuery(commentsQuery(team, task));
  const actions = useCommentActions(team, task, me);
  const all = query.data?.pages.flatMap(({ items }) => items).reverse();
  const { hasNextPage, isFetching, isError, fetchNextPage } = query;
  const isPrinting = useStore(printing, (now) => now);
  useEffect(() => {
    if (isPrinting && hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [isPrinting, hasNextPage, isFetching, isError, fetchNextPage]);
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
      {all?.length === 0 && <p className={css.faint}>{t('comment.none')}</p>}
      {query.isFetchNextPageError && <Failed error={query.error} onRetry={() => void fetchNextPage()} />}
      {hasNextPage && !query.isFetchNextPageError && (
        <Button look="ghost" busy={query.isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('comment.older')}
        </Button>
      )}
      <ul className={css.commentList}>
        {all?.map((comment) => (
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
      {all !== undefined && <KeptTexts isOf={(scope) => isEditOfGone(scope, task, all)} />}
      {!canComment && <KeptTexts isOf={(scope) => scope === `comment:${task.id}`} />}
      {canComment && (
        <KeepPlace className={css.composer}>
          <Composer task={task} onSend={actions.add} />
        </KeepPlace>
      )}
    </div>
  );
}

/** Whether it is the edit of a comment that somebody has deleted meanwhile, or of an older one that hasn't been read. */
function isEditOfGone(scope: string, task: Task, comments: readonly Comment[]): boolean {
  const [kind, comment, of] = scope.split(':');
  return kind === 'comment-edit' && of === task.id && !comments.some(({ id }) => id === comment);
}

function Composer({ task, onSend }: { task: Task; onSend: CommentActions['add'] }) {
  const { t } = useTranslation();
  const scope = `comment:${task.id}`;
  const draft = useDraft(scope);
  const editor = useRef<EditorHandle>(null);
  const send = (text = draft.text) => {
    const body = text.trim();
    // The next one is written where this one was, also after a preview.
    editor.current?.focus();
    if (body === '') return;
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
      most={MAX_COMMENT}
      onChange={draft.setText}
      onSave={() => send()}
      saveText={t('comment.send')}
      onEscape={() => document.querySelector<HTMLElement>('[data-panel]')?.focus()}
      handle={editor}
    />
  );
}
