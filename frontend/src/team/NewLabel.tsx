import { useState } from 'react';
import { useTranslation } from '../i18n/index.ts';
import type { Label, Team } from '../api/types.ts';
import { textOf, useForm } from '../auth/useForm.ts';
import { getDraft, setDraft } from '../drafts/drafts.ts';
import { useDraft } from '../drafts/useDraft.ts';
import { Button } from '../ui/Button.tsx';
import { isComposing } from '../ui/composing.ts';
import { Field } from '../ui/Field.tsx';
import { ColorMenu } from './ColorMenu.tsx';
import { nextColor } from './colors.ts';
import css from './team.module.css';
import { labelProblem, useLabelActions, whyNotSaved } from './useLabelActions.ts';

export function NewLabel({ team, labels }: { team: Team; labels: readonly Label[] }) {
  const { t } = useTranslation();
  const { create } = useLabelActions(team);
  const scope = `new-label:${team.key}`;
  const draft = useDraft(scope);
  const [chosen, setChosen] = useState<string | null>(null);
  const color = chosen ?? nextColor(labels.map((label) => label.color));
  const { busy, problem, errors, form } = useForm({
    check: (fields) => ({ name: labelProblem(textOf(fields, 'name'), labels) }),
    send: async (fields) => {
      const text = textOf(fields, 'name');
      const from = { scope, draft: { ...getDraft(scope), text } };
      setDraft(scope, undefined);
      await create(text.trim(), color, from);
      return color;
    },
    // Another one may have been chosen for the next label meanwhile.
    done: (sent) => setChosen((now) => (now === sent ? null : now)),
    refused: (why, fields) => ({ name: whyNotSaved(why, textOf(fields, 'name').trim()) }),
  });
  return (
    <form className={css.newLabel} {...form}>
      <ColorMenu color={color} label={t('label.newColor')} onChange={setChosen} />
      <Field
        label={t('label.new')}
        name="name"
        value={draft.text}
        dir="auto"
        autoComplete="off"
        placeholder={t('label.newHint')}
        error={errors.name ?? (problem === null ? undefined : whyNotSaved(problem, draft.text))}
        onChange={(event) => draft.setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && isComposing(event)) event.preventDefault();
        }}
      />
      <Button type="submit" busy={busy}>
        {t('label.add')}
      </Button>
    </form>
  );
}
