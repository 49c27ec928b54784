import { useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { asProblem } from '../api/problem.ts';
import type { Label, Team } from '../api/types.ts';
import { setDraft } from '../drafts/drafts.ts';
import { useDraft } from '../drafts/useDraft.ts';
import { Sentence } from '../i18n/Sentence.tsx';
import { Button, IconButton } from '../ui/Button.tsx';
import { Dot } from '../ui/Chips.tsx';
import { isComposing } from '../ui/composing.ts';
import { Icon } from '../ui/Icon.tsx';
import table from '../ui/table.module.css';
import ui from '../ui/ui.module.css';
import { useChosen } from '../ui/useChosen.ts';
import { useOnLeave } from '../ui/useOnLeave.ts';
import { ColorMenu } from './ColorMenu.tsx';
import css from './team.module.css';
import { labelProblem, useLabelActions, whyNotSaved } from './useLabelActions.ts';

interface Props {
  team: Team;
  label: Label;
  others: readonly Label[];
  canEdit: boolean;
  onDelete: () => void;
}

/** A label with its name as a field: Enter or leaving it saves, Escape brings back the saved name. */
export function LabelLine({ team, label, others, canEdit, onDelete }: Props) {
  const { t } = useTranslation();
  const { rename, recolor } = useLabelActions(team);
  const version = Date.parse(label.updated_at);
  const scope = `label:${label.id}`;
  const draft = useDraft(scope, { initial: label.name, version });
  const field = useRef<HTMLInputElement>(null);
  const [color, chooseColor] = useChosen(label.color, (wanted) => recolor(label, wanted));
  const [error, setError] = useState<string | undefined>(undefined);
  const [isSaving, setIsSaving] = useState(false);
  /** What was last to be saved; null after Escape. */
  const wanted = useRef<string | null>(null);
  const isConflict = draft.isDirty && !isSaving && draft.base.text !== label.name && draft.text.trim() !== label.name;

  /** While an earlier name is on its way, the one before it is another text, and no end of the draft. */
  const write = (text: string) => (isSaving ? setDraft(scope, { text, base: draft.base }) : draft.setText(text));
  /** One after the other: the last text that was to be saved follows the one that is on its way. */
  const send = async (from: Label, text: string): Promise<void> => {
    const name = text.trim();
    let now = from;
    try {
      now = await rename(from, name, () => field.current !== null);
      draft.settle(text, { version, text: now.name });
    } catch (why) {
      if (wanted.current === text) setError(whyNotSaved(asProblem(why), name));
    }
    const next = wanted.current;
    if (next !== null && next !== text && next.trim() !== now.name) await send(now, next);
  };
  const save = async () => {
    if (!isSaving && (!draft.isDirty || isConflict)) return;
    const name = draft.text.trim();
    if (!isSaving && name === label.name) {
      draft.discard();
      return;
    }
    const wrong = labelProblem(name, others);
    setError(wrong);
    if (wrong !== undefined) return;
    wanted.current = draft.text;
    if (isSaving) return;
    setIsSaving(true);
    await send(label, draft.text);
    setIsSaving(false);
  };
  useOnLeave(field, () => void save());
  const restore = () => {
    wanted.current = null;
    draft.discard();
    setError(undefined);
  };
  const onKey = (event: KeyboardEvent<HTMLInputElement>) => {
    if (isComposing(event)) return;
    if (event.key === 'Enter') void save();
    if (event.key === 'Escape' && draft.isDirty) {
      event.preventDefault();
      restore();
    }
  };
  const note = `label-note-${label.id}`;
  if (!canEdit) {
    return (
      <li className={table.line}>
        <span className={css.plainDot}>
          <Dot color={label.color} />
        </span>
        <span className={css.plainName} dir="auto">
          {label.name}
        </span>
      </li>
    );
  }
  return (
    <li className={`${table.line} ${css.labelLine}`}>
      <ColorMenu color={color} label={t('label.colorOf', { name: label.name })} onChange={chooseColor} />
      <input
        ref={field}
        className={css.labelName}
        value={draft.text}
        dir="auto"
        aria-label={t('label.nameOf', { name: label.name })}
        aria-invalid={error !== undefined || undefined}
        aria-describedby={error !== undefined || isConflict ? note : undefined}
        onChange={(event) => {
          write(event.target.value);
          setError(undefined);
        }}
        onKeyDown={onKey}
        onBlur={() => void save()}
      />
      <IconButton label={t('label.delete', { name: label.name })} onClick={onDelete}>
        <Icon name="trash" />
      </IconButton>
      {error !== undefined && (
        <p id={note} className={`${ui.error} ${css.note}`} role="alert">
          {error}{' '}
          <Button look="ghost" onClick={restore}>
            {t('label.restore', { name: label.name })}
          </Button>
        </p>
      )}
      {error === undefined && isConflict && (
        <div id={note} className={css.conflict} role="alert">
          <p>
            <Sentence of="label.conflict" parts={{ before: draft.base.text, theirs: label.name, mine: draft.text }} />
          </p>
          <div className={css.conflictActions}>
            <Button onClick={restore}>{t('label.useTheirs')}</Button>
            <Button onClick={() => draft.rebase({ version, text: label.name })}>{t('label.keepMine')}</Button>
          </div>
        </div>
      )}
    </li>
  );
}
