import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../api/client.ts';
import type { User } from '../api/types.ts';
import { textOf, useForm } from '../auth/useForm.ts';
import shell from '../shell/shell.module.css';
import { Button } from '../ui/Button.tsx';
import { explain } from '../ui/explain.ts';
import { Field } from '../ui/Field.tsx';
import { toast } from '../ui/toasts.ts';
import css from './account.module.css';
import { sessionsQuery } from './sessions.ts';

export function Password({ user }: { user: User }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  // An empty form after each change.
  const [round, setRound] = useState(0);
  const { busy, problem, onSubmit } = useForm(
    (fields) => {
      const body = { current_password: textOf(fields, 'current'), new_password: textOf(fields, 'new') };
      return unwrap(api.POST('/api/v1/auth/password', { body }));
    },
    () => {
      setRound((now) => now + 1);
      toast({ kind: 'info', text: t('account.passwordChanged') });
      void client.invalidateQueries({ queryKey: sessionsQuery.queryKey });
    },
  );
  const isWrong = problem?.at('/current_password') !== undefined;
  const isElsewhere = problem !== null && problem.errors.length === 0;
  return (
    <section className={shell.section} aria-labelledby="password">
      <h2 id="password" className={shell.sectionTitle}>
        {t('auth.password')}
      </h2>
      <form key={round} className={css.form} onSubmit={onSubmit} noValidate>
        {/* For those who keep passwords: whose it is. */}
        <input type="email" name="email" autoComplete="username" value={user.email} readOnly hidden />
        <Field
          label={t('account.currentPassword')}
          name="current"
          type="password"
          autoComplete="current-password"
          error={isWrong ? t('account.wrongPassword') : undefined}
          required
        />
        <Field
          label={t('account.newPassword')}
          name="new"
          type="password"
          autoComplete="new-password"
          hint={t('auth.passwordHint')}
          error={problem?.at('/new_password')}
          required
        />
        {isElsewhere && <p role="alert">{explain(problem)}</p>}
        <Button type="submit" busy={busy}>
          {t('account.changePassword')}
        </Button>
      </form>
    </section>
  );
}
