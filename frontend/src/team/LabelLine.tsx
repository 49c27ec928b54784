import { useState, type KeyboardEvent } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { asProblem } from '../api/problem.ts';
import type { Label, Team } from '../api/types.ts';
import { useDraft } from '../drafts/useDraft.ts';
import { Sentence } from '../i18n/Sentence.tsx';
import { Button, IconButton } from '../ui/Button.tsx';
import { Dot } from '../ui/Chips.tsx';
import { isComposing } from '../ui/composing.ts';
import { Icon } from '../ui/Icon.tsx';
import table from '../ui/table.module.css';
import ui from '../ui/ui.module.css';
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
  const draft = useDraft(`label:${label.id}`, { initial: label.name, version });
  const [error, setError] = useState<string | undefined>(undefined);
  const [isSaving, setIsSaving] = useState(false);
  const isConflict = draft.isDirty && !isSaving && draft.base.text !== label.name && draft.text.trim() !== label.name;

  const save = async () => {
    if (!draft.isDirty || isSaving || isConflict) return;
    const name = draft.text.trim();
    if (name === label.name) {
      draft.discard();
      return;
    }
    const wrong = labelProblem(name, others);
    setError(wrong);
    if (wrong !== undefined) return;
    setIsSaving(true);
    try {
      await rename(label, name);
      draft.settle(draft.text, { version, text: name });
    } catch (why) {
      setError(whyNotSaved(asProblem(why), name));
    } finally {
      setIsSaving(false);
    }
  };
  const restore = () => {
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
      <ColorMenu
        color={label.color}
        label={t('label.colorOf', { name: label.name })}
        onChange={(color) => void recolor(label, color)}
      />
      <input
        className={css.labelName}
        value={draft.text}
        dir="auto"
        aria-label={t('label.nameOf', { name: label.name })}
        aria-invalid={error !== undefined || undefined}
        aria-describedby={error !== undefined || isConflict ? note : undefined}
        onChange={(event) => {
          draft.setText(event.target.value);
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
