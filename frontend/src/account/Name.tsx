import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../api/client.ts';
import type { User } from '../api/types.ts';
import { adoptUser } from '../auth/session.ts';
import { textOf, useForm } from '../auth/useForm.ts';
import shell from '../shell/shell.module.css';
import { Button } from '../ui/Button.tsx';
import { explain } from '../ui/explain.ts';
import { Field } from '../ui/Field.tsx';
import table from '../ui/table.module.css';
import { toast } from '../ui/toasts.ts';
import css from './account.module.css';

export function Name({ user }: { user: User }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { busy, problem, onSubmit } = useForm(
    (fields) => unwrap(api.PATCH('/api/v1/me', { body: { name: textOf(fields, 'name') } })),
    (changed) => {
      adoptUser(changed);
      toast({ kind: 'info', text: t('account.nameSaved') });
      void client.invalidateQueries({ queryKey: ['team'] });
    },
  );
  const wrong = problem === null ? undefined : (problem.at('/name') ?? explain(problem));
  return (
    <section className={shell.section} aria-labelledby="name">
      <h2 id="name" className={shell.sectionTitle}>
        {t('account.you')}
      </h2>
      <form className={css.form} onSubmit={onSubmit} noValidate>
        <p className={table.faint}>{user.email}</p>
        <Field label={t('auth.name')} name="name" autoComplete="name" defaultValue={user.name} error={wrong} required />
        <Button type="submit" busy={busy}>
          {t('account.saveName')}
        </Button>
      </form>
    </section>
  );
}
