import { useId, useRef, type ClipboardEvent } from 'react';
import { useTranslation } from '../i18n/index.ts';
import type { Status } from '../api/types.ts';
import { useDraft } from '../drafts/useDraft.ts';
import { useLines } from '../drafts/useLines.ts';
import { useTaskActions } from '../task/actions.ts';
import { createSeveral } from '../task/createSeveral.ts';
import { pastedTitles } from '../task/pastedLines.ts';
import { SeveralTasks } from '../task/SeveralTasks.tsx';
import { isTooLong, oneLine, TitleLimit } from '../task/TitleLimit.tsx';
import { Keys } from '../ui/Chips.tsx';
import { isComposing } from '../ui/composing.ts';
import { afterClick } from '../ui/pointer.ts';
import { toast } from '../ui/toasts.ts';
import css from './board.module.css';

/** A title and Enter, one task after the other. */
export function QuickAdd({ team, status, onClose }: { team: string; status: Status; onClose: () => void }) {
  const { t } = useTranslation();
  const { create } = useTaskActions(team);
  const limit = useId();
  const field = useRef<HTMLInputElement>(null);
  const scope = `quick:${team}:${status}`;
  const linesScope = `quick-lines:${team}:${status}`;
  const { lines: pasted, add: addLines, discard: discardLines } = useLines(linesScope);
  const { text: title, setText: setTitle, discard, draft } = useDraft(scope);
  const add = () => {
    const wanted = oneLine(title);
    if (wanted === '' || isTooLong(title)) return;
    // What is on its way is no draft; a title that isn't saved comes back, unless the next one is being written.
    discard();
    void create({ title: wanted, status }, { from: { scope, draft: { ...draft, text: title } } });
  };
  const onPaste = (event: ClipboardEvent<HTMLInputElement>) => {
    const { clipboardData } = event;
    const { files, types } = clipboardData;
    if (files.length > 0 && !types.includes('text/plain')) toast({ kind: 'info', text: t('markdown.noFiles'), about: 'files' });
    const titles = pastedTitles(clipboardData.getData('text/plain'));
    if (titles.length === 0) return;
    event.preventDefault();
    addLines(titles);
  };
  const addSeveral = () => {
    const tooLong = pasted.filter(isTooLong);
    discardLines();
    const titles = pasted.filter((line) => !isTooLong(line));
    void createSeveral(create, linesScope, titles.map((title) => ({ title, status })));
    // Nothing is cut: what is too long is left to be shortened.
    if (tooLong.length > 0) setTitle(oneLine([title, ...tooLong].join(' ')));
    field.current?.focus();
  };
  const addAsOne = () => {
    setTitle(oneLine([title, ...pasted].join(' ')));
    discardLines();
    field.current?.focus();
  };
  return (
    <form
      className={css.quick}
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <input
        ref={field}
        className={css.quickInput}
        value={title}
        dir="auto"
        autoComplete="off"
        aria-label={t('board.quickAdd', { status: t(`status.${status}`) })}
        aria-describedby={limit}
        aria-invalid={isTooLong(title) || undefined}
        placeholder={t('board.quickPlaceholder')}
        autoFocus
        onPaste={onPaste}
        onChange={(event) => setTitle(event.target.value)}
        onBlur={() => title.trim() === '' && pasted.length === 0 && afterClick(onClose)}
        onKeyDown={(event) => {
          if (isComposing(event)) return;
          if (event.key === 'Escape') {
            event.preventDefault();
            onClose();
          }
        }}
      />
      <TitleLimit id={limit} title={title} />
      {pasted.length > 0 && <SeveralTasks titles={pasted} onSeveral={addSeveral} onOne={addAsOne} onDiscard={discardLines} />}
      <p className={css.quickHint}>
        <Keys keys="Enter" /> {t('board.quickHint')} <Keys keys="Esc" />
      </p>
    </form>
  );
}
