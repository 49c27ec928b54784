import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from '../i18n/index.ts';
import type { Task } from '../api/types.ts';
import { getDraft } from '../drafts/drafts.ts';
import { useDraft } from '../drafts/useDraft.ts';
import { isComposing } from '../ui/composing.ts';
import { takeAhead } from '../ui/stage.ts';
import { Conflict } from './Conflict.tsx';
import { saveOver } from './guarded.ts';
import css from './panel.module.css';
import { isTooLong, oneLine, TitleLimit } from './TitleLimit.tsx';
import { Unsaved } from './Unsaved.tsx';
import { useWanted } from './useWanted.ts';

interface Props {
  team: string;
  task: Task;
  canEdit: boolean;
}

/** The title, to be written over where it stands. Enter and leaving it save; Escape restores what is saved. */
export function Title({ team, task, canEdit }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const scope = `title:${task.id}`;
  const draft = useDraft(scope, { initial: task.title, version: task.version });
  const [isFocused, setIsFocused] = useState(false);
  const [isSaving, setIsSaving] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const { text, base, isDirty } = draft;
  const save = async (wanted = text, from = base) => {
    const title = oneLine(wanted);
    if (title === '' || title === task.title) {
      draft.discard();
      return;
    }
    if (isTooLong(title) || isSaving) return;
    setIsSaving(true);
    const result = await saveOver(client, team, task, { field: 'title', base: from, text: title, what: t('task.titleOf', { key: task.key }) });
    if (result.kind === 'saved') {
      // Unless typing went on meanwhile.
      if (oneLine(getDraft(scope)?.text ?? title) === title) draft.discard();
      else draft.rebase({ version: result.value.version, text: title });
    }
    setIsSaving(false);
  };
  useWanted(task.id, 'title', () => {
    field.current?.select();
    const ahead = takeAhead();
    if (ahead.text === '') return;
    draft.setText(ahead.text);
    if (!ahead.isSent) return;
    void save(ahead.text);
    field.current?.closest('aside')?.focus();
  });
  if (!canEdit) return <h2 className={css.title} dir="auto">{task.title}</h2>;

  const isConflict = isDirty && !isSaving && task.title !== base.text && task.title !== oneLine(text);
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (isComposing(event)) return;
    if (event.key === 'Enter') {
      event.preventDefault();
      event.currentTarget.blur();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      draft.discard();
      event.currentTarget.dataset.restored = 'true';
      event.currentTarget.closest('aside')?.focus();
    }
  };
  return (
    <div className={css.titleHead} data-editor={scope}>
      <h2 className="visually-hidden" dir="auto">{task.title}</h2>
      <textarea
        ref={field}
        className={css.title}
        rows={1}
        aria-label={t('task.title')}
        aria-invalid={isTooLong(text) || undefined}
        aria-describedby={`title-limit-${task.id}`}
        dir="auto"
        value={text}
        onChange={(event) => draft.setText(event.target.value.replace(/[\r\n]+/g, ' '))}
        onFocus={(event) => {
          event.currentTarget.dataset.restored = 'false';
          setIsFocused(true);
        }}
        onBlur={(event) => {
          setIsFocused(false);
          if (event.currentTarget.dataset.restored !== 'true' && isDirty && !isConflict) void save();
        }}
        onKeyDown={onKeyDown}
      />
      <TitleLimit id={`title-limit-${task.id}`} title={text} />
      {isConflict && (
        <Conflict
          isLine
          base={base.text}
          mine={text}
          theirs={task.title}
          onChoose={(chosen) => {
            const from = { version: task.version, text: task.title };
            draft.rebase(from);
            draft.setText(chosen);
            void save(chosen, from);
          }}
        />
      )}
      {isDirty && !isFocused && !isSaving && !isConflict && (
        <Unsaved text={t('task.titleUnsaved')} onContinue={() => field.current?.focus()} onDiscard={draft.discard} />
      )}
    </div>
  );
}
