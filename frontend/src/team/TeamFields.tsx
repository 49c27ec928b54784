import { useTranslation } from '../i18n/index.ts';
import { Field } from '../ui/Field.tsx';
import css from './team.module.css';
import type { NewTeamForm } from './useNewTeam.ts';

/** The fields of a new team, in the dialog and on the first visit. */
export function TeamFields({ team, takesFocus }: { team: NewTeamForm; takesFocus: boolean }) {
  const { t } = useTranslation();
  const key = team.key === '' ? 'OPS' : team.key;
  return (
    <>
      <Field
        label={t('team.name')}
        name="name"
        value={team.name}
        dir="auto"
        autoComplete="off"
        placeholder={t('team.nameHint')}
        error={team.nameError}
        onChange={(event) => team.setName(event.target.value)}
        required
        autoFocus={takesFocus}
      />
      <Field
        label={t('team.key')}
        name="key"
        value={team.key}
        dir="ltr"
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        hint={t('team.keyHint', { key })}
        error={team.keyError}
        onChange={(event) => (event.target.value === '' ? team.setKey('') : team.setKey(event.target.value))}
        onBlur={() => team.key === '' && team.followName()}
        required
      />
      <label className={css.check}>
        <input type="checkbox" checked={team.withSamples} onChange={(event) => team.setSamples(event.target.checked)} />
        <span>
          {t('sample.add')}
          <span className={css.checkHint}>{t('sample.addHint')}</span>
        </span>
      </label>
    </>
  );
}
