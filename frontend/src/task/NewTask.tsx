import { useRef, type ClipboardEvent, type KeyboardEvent } from 'react';
import { useTranslation } from '../i18n/index.ts';
import type { NewTask as Wanted, Priority, Status } from '../api/types.ts';
import { getDraft, setDraft, type Draft } from '../drafts/drafts.ts';
import { useDraft } from '../drafts/useDraft.ts';
import { useLines } from '../drafts/useLines.ts';
import { useOpenTask } from '../shell/address.ts';
import { Button } from '../ui/Button.tsx';
import { Keys } from '../ui/Chips.tsx';
import { isComposing } from '../ui/composing.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { refuseFiles } from '../ui/files.ts';
import { close, stage, type Ahead } from '../ui/stage.ts';
import { toast } from '../ui/toasts.ts';
import { TypedAhead } from '../ui/TypedAhead.tsx';
import ui from '../ui/ui.module.css';
import { useTaskActions } from './actions.ts';
import { createSeveral } from './createSeveral.ts';
import { MarkdownEditor, type EditorHandle } from './MarkdownEditor.tsx';
import css from './new.module.css';
import { pastedTitles } from './pastedLines.ts';
import { PropertyPopover } from './PropertyPopover.tsx';
import { propertyValues } from './propertyValues.tsx';
import { rebased } from './sets.ts';
import { SeveralTasks } from './SeveralTasks.tsx';
import { excess, MAX_DESCRIPTION } from './TextLimit.tsx';
import { isTooLong, oneLine, TitleLimit } from './TitleLimit.tsx';
import { useGoneChoices } from './useGoneChoices.ts';
import { useNewLabels } from './useNewLabels.ts';
import { useDirectory } from './useTasks.ts';

interface Rest {
  description: string;
  status: Status;
  priority: Priority;
  assignees: string[];
  labels: string[];
  due_at: string | null;
}

const EMPTY = { description: '', priority: 'none', assignees: [], labels: [], due_at: null } as const;

/** A new task with all that one may want to say of it at once; for a title alone there is the quick line of the board. */
export default function NewTask({ team, status: first }: { team: string; status: Status }) {
  const { t } = useTranslation();
  const { create } = useTaskActions(team);
  const { openTask } = useOpenTask(team);
  const directory = useDirectory(team);
  const scope = `new-task:${team}`;
  const { text: title, setText: setTitle, extra, setExtra, draft, discard } = useDraft(scope);
  const linesScope = `new-task-lines:${team}`;
  const { lines: pasted, add: addLines, discard: discardLines } = useLines(linesScope);
  const field = useRef<HTMLInputElement>(null);
  const description = useRef<EditorHandle>(null);
  const choices = useRef<HTMLDivElement>(null);
  const isOver = useRef(false);
  const restOf = (kept: unknown): Rest => ({ ...EMPTY, assignees: [], labels: [], status: first, ...(kept as Partial<Rest>) });
  const rest = restOf(extra);
  /** A new label is chosen when it has been created: more may have been typed and chosen since. */
  const set = (fields: Partial<Rest>) => {
    const now = restOf(getDraft(scope)?.extra);
    setExtra({ ...now, ...rebased(fields, rest, now) });
  };

  useGoneChoices(team, rest, set);
  const newLabels = useNewLabels(team, ({ id }) => {
    if (!isOver.current) set({ labels: [...rest.labels, id] });
  });
  const createLabelled: typeof create = (fields, options) => {
    const made = create(fields, options);
    void newLabels.addTo(made, (ids) => {
      const back = getDraft(scope);
      if (back === undefined || oneLine(back.text) !== fields.title) return;
      const now = restOf(back.extra);
      setDraft(scope, { ...back, extra: { ...now, labels: [...new Set([...now.labels, ...ids])].sort() } });
    });
    return made;
  };
  const send = (fields: Wanted, from: Draft | undefined, next?: Rest) =>
    createLabelled(fields, { ...(from !== undefined && { from: { scope, draft: from, next } }) });
  const save = (then: 'close' | 'open' | 'next', text = title, from = draft) => {
    if (oneLine(text) === '' || isTooLong(text)) {
      field.current?.focus();
      return;
    }
    if (excess(rest.description, MAX_DESCRIPTION) > 0) {
      description.current?.focus();
      return;
    }
    discard();
    const { status, priority, assignees, labels } = rest;
    // What several tasks in a row have in common stays.
    const next: Rest = { ...EMPTY, status, priority, assignees, labels };
    const made = send({ ...rest, title: oneLine(text) }, from, next);
    if (then === 'next') {
      setExtra(next);
      field.current?.focus();
      return;
    }
    isOver.current = true;
    close();
    if (then !== 'open') return;
    const at = location.href;
    // After a long wait the user is elsewhere; the message has "Open".
    const isStillHere = () => location.href === at && stage.get() === null;
    void made.then((saved) => saved !== undefined && isStillHere() && openTask(saved.number));
  };
  const saveSeveral = () => {
    const tooLong = pasted.filter(isTooLong);
    discardLines();
    const titles = pasted.filter((line) => !isTooLong(line));
    // Nothing is cut or dropped: what is too long, or was typed before, is left to be gone on with.
    const left = oneLine([title, ...tooLong].join(' '));
    discard();
    const form = { scope, draft: { text: '', extra: rest } };
    void createSeveral(createLabelled, linesScope, titles.map((one) => ({ ...rest, title: one })), form);
    if (left === '') {
      isOver.current = true;
      close();
    } else setDraft(scope, { text: left, extra: rest });
    field.current?.focus();
  };
  const takeAhead = (ahead: Ahead) => {
    const text = title + ahead.text;
    const from = { ...getDraft(scope), text };
    setDraft(scope, from);
    if (ahead.isSent) save('close', text, from);
  };
  const leave = () => {
    close();
    const kept = getDraft(scope);
    const isKept = kept !== undefined && (kept.text.trim() !== '' || rest.description.trim() !== '');
    if (!isKept && pasted.length === 0) return;
    toast({
      kind: 'info',
      text: t('task.draftKept'),
      about: scope,
      actions: [
        {
          label: t('task.discardDraft'),
          run: () => {
            isOver.current = true;
            discard();
            discardLines();
          },
        },
      ],
    });
  };
  const onPaste = (event: ClipboardEvent<HTMLInputElement>) => {
    refuseFiles(event.clipboardData);
    const titles = pastedTitles(event.clipboardData.getData('text/plain'));
    if (titles.length === 0) return;
    event.preventDefault();
    addLines(titles);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event) || event.defaultPrevented) return;
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    save(event.shiftKey ? 'next' : 'close');
  };
  return (
    <Dialog title={t('task.new')} onClose={leave}>
      {/* Ctrl+Enter sends from each of its fields. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault();
          save('close');
        }}
        onKeyDown={onKeyDown}
      >
        <input
          ref={field}
          className={css.title}
          value={title}
          aria-label={t('task.title')}
          aria-invalid={isTooLong(title) || undefined}
          aria-describedby="new-task-limit"
          placeholder={t('task.titleHint')}
          dir="auto"
          autoComplete="off"
          autoFocus
          onPaste={onPaste}
          onChange={(event) => setTitle(event.target.value)}
        />
        <TypedAhead onTyped={takeAhead} />
        <TitleLimit id="new-task-limit" title={title} />
        {pasted.length > 0 && (
          <SeveralTasks
            titles={pasted}
            onSeveral={saveSeveral}
            onOne={() => {
              setTitle(oneLine(`${title} ${pasted.join(' ')}`));
              discardLines();
              field.current?.focus();
            }}
            onDiscard={discardLines}
          />
        )}
        <MarkdownEditor
          label={t('task.description')}
          placeholder={t('task.descriptionHint')}
          value={rest.description}
          most={MAX_DESCRIPTION}
          handle={description}
          onChange={(description) => set({ description })}
          onSave={() => save('close')}
          onEscape={() => choices.current?.querySelector('button')?.focus()}
        />
        <div ref={choices} className={css.choices}>
          {propertyValues(rest, directory, newLabels.coming).map(([property, value]) => (
            <PropertyPopover
              key={property}
              team={team}
              task={rest}
              property={property}
              onPatch={set}
              onNewLabel={newLabels.expect}
              className={`${ui.button} ${css.choice}`}
            >
              {value}
            </PropertyPopover>
          ))}
        </div>
        <div className={css.foot}>
          <Button look="ghost" onClick={() => save('open')}>
            {t('task.createAndOpen')}
          </Button>
          <Button onClick={() => save('next')} title="Ctrl+Shift+Enter" aria-keyshortcuts="Control+Shift+Enter">
            {t('task.createAndNext')}
          </Button>
          <span className={css.keys} aria-hidden="true">
            <Keys keys="Ctrl+Enter" />
          </span>
          <Button type="submit" look="primary" aria-keyshortcuts="Control+Enter">
            {t('task.create')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
