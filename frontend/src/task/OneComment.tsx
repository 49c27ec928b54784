import { useCallback, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from '../i18n/index.ts';
import type { Comment } from '../api/types.ts';
import { useDraft } from '../drafts/useDraft.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Button, IconButton } from '../ui/Button.tsx';
import { isComposing } from '../ui/composing.ts';
import { Icon } from '../ui/Icon.tsx';
import { Menu, MenuItem } from '../ui/Menu.tsx';
import { Ago } from '../ui/Time.tsx';
import { useStore } from '../ui/useStore.ts';
import { Conflict } from './Conflict.tsx';
import { MarkdownEditor, type EditorHandle } from './MarkdownEditor.tsx';
import type { Box } from './MarkdownNodes.tsx';
import css from './panel.module.css';
import { isCommentDraft, waitingComments } from './pending.ts';
import { Rendered } from './Rendered.tsx';
import { MAX_COMMENT } from './TextLimit.tsx';
import { withTick } from './tick.ts';
import { Unsaved } from './Unsaved.tsx';
import { editScope, type CommentActions } from './useComments.ts';
import { useDirectory } from './useTasks.ts';

interface Props {
  team: string;
  comment: Comment;
  isMine: boolean;
  canDelete: boolean;
  actions: CommentActions;
}

export function OneComment({ team, comment, isMine, canDelete, actions }: Props) {
  const { t } = useTranslation();
  const directory = useDirectory(team);
  const draft = useDraft(editScope(comment), { initial: comment.body });
  const [isEditing, setIsEditing] = useState(isMine && draft.isDirty);
  const [isAsking, setIsAsking] = useState(false);
  const name = directory.nameOf(comment.author_id);
  const isEdited = comment.updated_at !== comment.created_at;
  const isSent = !isCommentDraft(comment);
  const isWaiting = useStore(waitingComments, (all) => all.has(comment.id));
  const { edit } = actions;
  const article = useRef<HTMLElement>(null);
  const more = useRef<HTMLButtonElement>(null);
  /** What had the focus goes: it must not fall out of the panel. */
  const keepFocus = () => {
    if (article.current?.contains(document.activeElement) === true) (more.current ?? article.current).focus();
  };
  const stopAsking = () => {
    keepFocus();
    setIsAsking(false);
  };
  const stopOnEscape = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || isComposing(event)) return;
    event.preventDefault();
    stopAsking();
  };
  const discard = () => {
    keepFocus();
    draft.discard();
  };
  const startEditing = () => {
    draft.begin();
    setIsEditing(true);
  };
  const stopEditing = () => {
    keepFocus();
    setIsEditing(false);
  };
  const remove = () => {
    const line = article.current?.closest('li');
    const neighbour = (line?.nextElementSibling ?? line?.previousElementSibling)?.querySelector('article');
    (neighbour ?? article.current?.closest<HTMLElement>('[data-panel]'))?.focus();
    setIsAsking(false);
    void actions.remove(comment);
  };
  const onTick = useCallback(
    (box: Box) => {
      const body = withTick(comment.body, comment.body, box);
      if (body !== null) void edit(comment, body);
    },
    [comment, edit],
  );
  return (
    <article ref={article} className={css.comment} tabIndex={-1} aria-busy={!isSent}>
      <header className={css.commentHead}>
        <Avatar id={comment.author_id} name={name} />
        <strong dir="auto">{name}</strong>
        <span className={css.when}>
          <Ago at={comment.created_at} />
          {isWaiting && ` · ${t('comment.waiting')}`}
          {isEdited && ` · ${t('comment.edited')}`}
        </span>
        {canDelete && isSent && (
          <Menu
            align="end"
            isCutOff
            trigger={
              <IconButton ref={more} label={t('comment.more', { name })} className={css.more}>
                <Icon name="more" />
              </IconButton>
            }
          >
            {isMine && (
              <MenuItem icon={<Icon name="edit" />} onSelect={startEditing}>
                {t('common.edit')}
              </MenuItem>
            )}
            <MenuItem icon={<Icon name="trash" />} onSelect={() => setIsAsking(true)}>
              {t('common.delete')}
            </MenuItem>
          </Menu>
        )}
      </header>
      {isEditing ? (
        <Editing comment={comment} onClose={stopEditing} onEdit={edit} />
      ) : (
        <div>
          {isMine && draft.isDirty && <Unsaved onContinue={() => setIsEditing(true)} onDiscard={discard} />}
          <Rendered source={comment.body} {...(isMine && isSent && { onTick })} />
        </div>
      )}
      {isAsking && (
        <div className={css.ask} role="alertdialog" aria-label={t('comment.deleteAsk')}>
          <span>{t('comment.deleteAsk')}</span>
          <Button look="danger" autoFocus onClick={remove} onKeyDown={stopOnEscape}>
            {t('common.delete')}
          </Button>
          <Button look="ghost" onClick={stopAsking} onKeyDown={stopOnEscape}>
            {t('common.cancel')}
          </Button>
        </div>
      )}
    </article>
  );
}

interface EditingProps {
  comment: Comment;
  onClose: () => void;
  onEdit: Props['actions']['edit'];
}

function Editing({ comment, onClose, onEdit }: EditingProps) {
  const { t } = useTranslation();
  const draft = useDraft(editScope(comment), { initial: comment.body });
  const [busy, setBusy] = useState(false);
  const conflict = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorHandle>(null);
  const { text, base } = draft;
  const isConflict = draft.isDirty && !busy && comment.body !== base.text && comment.body !== text;
  const close = () => {
    draft.discard();
    onClose();
  };
  const save = async () => {
    const body = text.trim();
    if (isConflict) conflict.current?.focus();
    if (body === '' || isConflict) return;
    if (body === comment.body) {
      close();
      return;
    }
    setBusy(true);
    const isSaved = await onEdit(comment, body, base.text);
    if (isSaved && draft.settle(text, { version: 0, text: body })) onClose();
    setBusy(false);
  };
  return (
    <div className={css.editing}>
      {isConflict && (
        <Conflict
          ref={conflict}
          base={base.text}
          mine={text}
          theirs={comment.body}
          onChoose={(chosen) => {
            draft.rebase({ version: 0, text: comment.body });
            draft.setText(chosen);
            editor.current?.focus();
          }}
        />
      )}
      <MarkdownEditor
        label={t('comment.edit')}
        placeholder={t('comment.placeholder')}
        value={text}
        most={MAX_COMMENT}
        onChange={draft.setText}
        onSave={() => void save()}
        saveText={t('common.save')}
        onCancel={close}
        onEscape={onClose}
        busy={busy}
        blocked={isConflict ? t('conflict.chooseFirst') : undefined}
        autoFocus
        handle={editor}
      />
    </div>
  );
}
