import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useRef, useState, type MouseEvent, type RefObject } from 'react';
import { useTranslation } from '../i18n/index.ts';
import type { ApiProblem } from '../api/problem.ts';
import type { Task } from '../api/types.ts';
import { getDraft } from '../drafts/drafts.ts';
import { useDiscardSaved, useDraft } from '../drafts/useDraft.ts';
import { Button } from '../ui/Button.tsx';
import { explainFailure } from '../ui/explain.ts';
import { Icon } from '../ui/Icon.tsx';
import { takeAhead } from '../ui/stage.ts';
import { TypedAhead } from '../ui/TypedAhead.tsx';
import { Conflict } from './Conflict.tsx';
import { isConflict as isOvertaken, saveOver, tickDescription, useIsSaving } from './guarded.ts';
import { KeptTexts } from './KeptTexts.tsx';
import { MarkdownEditor, type EditorHandle } from './MarkdownEditor.tsx';
import type { Box } from './MarkdownNodes.tsx';
import css from './panel.module.css';
import { placeOfClick } from './placeOfClick.ts';
import { Rendered } from './Rendered.tsx';
import { MAX_DESCRIPTION } from './TextLimit.tsx';
import { Unsaved } from './Unsaved.tsx';
import { useWanted } from './useWanted.ts';

interface Props {
  team: string;
  task: Task;
  canEdit: boolean;
}

export function Description({ team, task, canEdit }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const scope = `description:${task.id}`;
  const draft = useDraft(scope, { initial: task.description, version: task.version });
  const isSaving = useIsSaving(scope);
  const [isEditing, setIsEditing] = useState(draft.isDirty && canEdit);
  const [startAt, setStartAt] = useState<number>();
  useDiscardSaved(scope, task.description, !isSaving && !isEditing);
  const begin = useCallback(
    (at?: number) => {
      if (!canEdit) return;
      setStartAt(at);
      setIsEditing(true);
    },
    [canEdit],
  );
  const editor = useRef<EditorHandle>(null);
  useWanted(task.id, 'description', () => {
    if (!isEditing) {
      begin();
      return;
    }
    editor.current?.focus();
    const ahead = takeAhead();
    if (ahead.text !== '') draft.setText(draft.text + ahead.text);
  });
  const onTick = useCallback((box: Box) => void tickDescription(client, team, task, box), [client, team, task]);
  if (isEditing && canEdit) return <Editor team={team} task={task} startAt={startAt} handle={editor} onClose={() => setIsEditing(false)} />;
  const onClick = (event: MouseEvent<HTMLElement>) => {
    const at = placeOfClick(event, task.description);
    if (at !== null) begin(at);
  };
  return (
    <section className={css.section} aria-label={t('task.description')}>
      <div className={css.sectionHead}>
        <h3 className={css.sectionTitle}>{t('task.description')}</h3>
        {canEdit && (
          <Button look="ghost" onClick={() => begin()}>
            <Icon name="edit" size={14} /> {t('common.edit')}
          </Button>
        )}
      </div>
      {!canEdit && draft.isDirty && <KeptTexts isOf={(one) => one === scope} />}
      {canEdit && draft.isDirty && <Unsaved onContinue={() => begin()} onDiscard={draft.discard} />}
      {task.description === '' ? (
        canEdit ? (
          <button type="button" className={css.emptyField} onClick={() => begin()}>
            {t('task.descriptionHint')}
          </button>
        ) : (
          <p className={css.faint}>{t('task.noDescription')}</p>
        )
      ) : (
        // The button above does the same by key.
         
        <div className={canEdit ? css.clickable : undefined} {...(canEdit && { onClick })}>
          <Rendered source={task.description} height={80} {...(canEdit && { onTick })} />
        </div>
      )}
    </section>
  );
}

interface EditorProps {
  team: string;
  task: Task;
  startAt: number | undefined;
  handle: RefObject<EditorHandle | null>;
  onClose: () => void;
}

/** The text is saved over the version that it was begun from; what somebody else wrote meanwhile is shown beside it. */
function Editor({ team, task, startAt, handle, onClose }: EditorProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const scope = `description:${task.id}`;
  const draft = useDraft(scope, { initial: task.description, version: task.version });
  const { text, base } = draft;
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const section = useRef<HTMLElement>(null);
  const conflict = useRef<HTMLDivElement>(null);
  const isSaving = useIsSaving(scope);
  const isConflict = draft.isDirty && !isSaving && task.description !== base.text && task.description !== text;
  const leave = () => {
    // Its author may have gone on to another field, or left the task.
    const { activeElement } = document;
    const hasFocus = section.current !== null && (activeElement === document.body || section.current.contains(activeElement));
    onClose();
    if (hasFocus) document.querySelector<HTMLElement>('[data-panel]')?.focus();
  };
  const close = () => {
    draft.discard();
    leave();
  };
  const save = async () => {
    if (!draft.isDirty || text === task.description) {
      close();
      return;
    }
    if (isConflict) {
      conflict.current?.focus();
      return;
    }
    setBusy(true);
    setProblem(null);
    const wanted = { field: 'description', base, text, what: task.key, isQuiet: true } as const;
    const result = await saveOver(client, team, task, wanted);
    if (result.kind !== 'saved') {
      // A conflict is shown with both texts.
      if (!isOvertaken(result.problem)) setProblem(result.problem);
    } else if (getDraft(scope) === undefined && section.current !== null) leave();
    setBusy(false);
  };
  return (
    <section ref={section} className={css.section} data-edits={scope} aria-label={t('task.description')}>
      <h3 className={css.sectionTitle}>{t('task.description')}</h3>
      {isConflict && (
        <Conflict
          ref={conflict}
          base={base.text}
          mine={text}
          theirs={task.description}
          onChoose={(chosen) => {
            draft.rebase({ version: task.version, text: task.description });
            draft.setText(chosen);
            handle.current?.focus();
          }}
        />
      )}
      {problem !== null && (
        <p className={css.problem} role="alert">
          {explainFailure(problem, (reason) => t('errors.notSaved', { reason }))}
        </p>
      )}
      <MarkdownEditor
        label={t('task.description')}
        placeholder={t('task.descriptionHint')}
        value={text}
        most={MAX_DESCRIPTION}
        onChange={draft.setText}
        onSave={() => void save()}
        saveText={t('common.save')}
        onCancel={close}
        onEscape={leave}
        busy={busy}
        blocked={isConflict ? t('conflict.chooseFirst') : undefined}
        startAt={startAt}
        autoFocus
        handle={handle}
      />
      <TypedAhead onTyped={(ahead) => draft.setText(text + ahead.text)} />
    </section>
  );
}
