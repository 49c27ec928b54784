import { useQueryClient } from '@tanstack/react-query';
import { useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from '../i18n/index.ts';
import type { Task } from '../api/types.ts';
import { setDraft } from '../drafts/drafts.ts';
import { useDiscardSaved, useDraft } from '../drafts/useDraft.ts';
import { isComposing } from '../ui/composing.ts';
import { takeAhead } from '../ui/stage.ts';
import { useOnLeave } from '../ui/useOnLeave.ts';
import { Conflict } from './Conflict.tsx';
import { saveOver, useIsSaving } from './guarded.ts';
import css from './panel.module.css';
import { KeptTexts } from './KeptTexts.tsx';
import { tasksOf } from './team-tasks.ts';
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
  const field = useRef<HTMLTextAreaElement>(null);
  const isSaving = useIsSaving(scope);
  const { text, base, isDirty } = draft;
  useDiscardSaved(scope, task.title, !isSaving && !isFocused, oneLine);
  /** While an earlier title is on its way, the one before it is another text, and no end of the draft. */
  const write = (next: string) => (isSaving ? setDraft(scope, { text: next, base }) : draft.setText(next));
  const save = (wanted = text, from = base) => {
    const title = oneLine(wanted);
    if (title === '') draft.discard();
    else if (title === task.title) {
      // What is on its way may yet be refused, and needs its draft then.
      if (!isSaving) draft.discard();
    } else if (!isTooLong(title)) {
      void saveOver(client, team, task, { field: 'title', base: from, text: title, what: t('task.titleOf', { key: task.key }) });
    }
  };
  // Not as its `value`: with each letter, React would replace the text node in it, and Chromium ends a step of Undo
  // whenever a node goes.
  useLayoutEffect(() => {
    if (field.current !== null && field.current.value !== text) field.current.value = text;
  });
  useWanted(task.id, 'title', () => {
    field.current?.select();
    const ahead = takeAhead();
    if (ahead.text === '') return;
    write(ahead.text);
    if (!ahead.isSent) return;
    save(ahead.text);
    field.current?.closest('aside')?.focus();
  });
  const isConflict = isDirty && !isSaving && task.title !== base.text && task.title !== oneLine(text);
  // The title of a task that was deleted stays as a draft, which is offered to copy.
  useOnLeave(field, () => isDirty && !isConflict && tasksOf(client, team).get(task.id) !== undefined && save());
  if (!canEdit) {
    return (
      <>
        <h2 className={css.title} dir="auto">{task.title}</h2>
        <KeptTexts isOf={(one) => one === scope} />
      </>
    );
  }

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
    <div className={css.titleHead} data-edits={scope}>
      <h2 className="visually-hidden" dir="auto">{task.title}</h2>
      <textarea
        ref={field}
        className={css.title}
        rows={1}
        aria-label={t('task.title')}
        aria-invalid={isTooLong(text) || undefined}
        aria-describedby={`title-limit-${task.id}`}
        dir="auto"
        onChange={(event) => write(event.target.value.replace(/[\r\n]+/g, ' '))}
        onFocus={(event) => {
          event.currentTarget.dataset.restored = 'false';
          setIsFocused(true);
        }}
        onBlur={(event) => {
          setIsFocused(false);
          if (event.currentTarget.dataset.restored !== 'true' && isDirty && !isConflict) save();
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
            save(chosen, from);
          }}
        />
      )}
      {isDirty && !isFocused && !isSaving && !isConflict && oneLine(text) !== task.title && (
        <Unsaved text={t('task.titleUnsaved')} onContinue={() => field.current?.focus()} onDiscard={draft.discard} />
      )}
    </div>
  );
}
