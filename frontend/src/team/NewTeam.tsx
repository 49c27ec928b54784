import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { api, unwrap } from '../api/client.ts';
import { textOf, useForm } from '../auth/useForm.ts';
import { teamPath } from '../shell/address.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { explain } from '../ui/explain.ts';
import { Field } from '../ui/Field.tsx';
import { close } from '../ui/stage.ts';
import authCss from '../auth/auth.module.css';
import ui from '../ui/ui.module.css';

export default function NewTeam() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const { busy, problem, onSubmit } = useForm(
    async (fields) => {
      const key = textOf(fields, 'key').trim();
      const body = { name: textOf(fields, 'name'), ...(key !== '' && { key }) };
      const team = await unwrap(api.POST('/api/v1/teams', { params: {}, body }));
      await client.invalidateQueries({ queryKey: ['teams'] });
      return team;
    },
    ({ key }) => {
      close();
      navigate(teamPath(key, 'board'));
    },
  );
  const taken = problem?.status === 409 ? t('team.keyTaken') : undefined;
  const isElsewhere = problem !== null && problem.errors.length === 0 && taken === undefined;
  return (
    <Dialog title={t('team.new')} onClose={close}>
      <form className={authCss.form} onSubmit={onSubmit} noValidate>
        <Field label={t('team.name')} name="name" error={problem?.at('/name')} maxLength={100} required autoFocus />
        <Field
          label={t('team.key')}
          name="key"
          hint={t('team.keyHint')}
          error={taken ?? problem?.at('/key')}
          maxLength={16}
        />
        {isElsewhere && (
          <p className={authCss.problem} role="alert">
            {explain(problem)}
          </p>
        )}
        <div className={ui.dialogFoot}>
          <Button onClick={close}>{t('common.cancel')}</Button>
          <Button type="submit" look="primary" busy={busy}>
            {t('team.create')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
