import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { api, unwrap } from '../api/client.ts';
import type { User } from '../api/types.ts';
import { asProblem } from '../api/problem.ts';
import { t as text } from '../i18n/index.ts';
import { PasswordField } from '../auth/PasswordField.tsx';
import { PASSWORD_MIN, passwordProblem } from '../auth/rules.ts';
import { tokenMinutes } from '../auth/session.ts';
import { textOf, useForm } from '../auth/useForm.ts';
import { readAnew } from '../live/readAnew.ts';
import { save, valueOf } from '../outcomes/save.ts';
import settings from '../settings/settings.module.css';
import { Button } from '../ui/Button.tsx';
import { explainFailure } from '../ui/explain.ts';
import ui from '../ui/ui.module.css';
import css from './account.module.css';
import { sessionsQuery } from './sessions.ts';

export function Password({ user }: { user: User }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  // An empty form after each change.
  const [round, setRound] = useState(0);
  const { busy, problem, errors, form } = useForm({
    check: (fields) => ({
      current: textOf(fields, 'current') === '' ? t('account.currentPasswordBlank') : undefined,
      new: passwordProblem(textOf(fields, 'new')),
    }),
    send: async (fields) => valueOf(await changePassword(textOf(fields, 'current'), textOf(fields, 'new'))),
    done: () => {
      setRound((now) => now + 1);
      void readAnew(client, sessionsQuery.queryKey);
    },
    refused: (why) => ({
      current: why.at('/current_password') && t('account.wrongPassword'),
      new: why.at('/new_password') && t('rules.passwordRefused'),
    }),
  });
  return (
    <section className={settings.section} aria-labelledby="password">
      <h2 id="password" className={settings.title}>
        {t('settings.password')}
      </h2>
      <p className={settings.intro}>
        {t('account.passwordIntro')} {t('account.openPages', { count: tokenMinutes() })}
      </p>
      <form key={round} className={css.form} {...form}>
        {/* Password managers read from it whose password this is. */}
        <input type="email" name="email" autoComplete="username" value={user.email} readOnly hidden />
        <PasswordField
          label={t('account.currentPassword')}
          name="current"
          autoComplete="current-password"
          error={errors.current}
          required
        />
        <PasswordField
          label={t('account.newPassword')}
          name="new"
          autoComplete="new-password"
          minLength={PASSWORD_MIN}
          hint={t('auth.passwordHint', { least: PASSWORD_MIN })}
          error={errors.new}
          required
        />
        {problem !== null && (
          <p role="alert" className={ui.error}>
            {explainFailure(problem, (why) => t('account.passwordNotChanged', { why }))}
          </p>
        )}
        <Button type="submit" look="primary" busy={busy}>
          {t('account.changePassword')}
        </Button>
      </form>
    </section>
  );
}

function changePassword(current: string, next: string) {
  const change = (current_password: string) =>
    unwrap(api.POST('/api/v1/auth/password', { body: { current_password, new_password: next } }));
  return save<undefined>({
    what: text('account.yourPassword'),
    isQuiet: true,
    send: () => change(current).then(() => undefined),
    // The new password is the current one if the lost answer was a yes.
    check: async () => {
      try {
        await change(next);
        return { kind: 'saved', value: undefined };
      } catch (error) {
        if (asProblem(error).at('/current_password') === undefined) throw error;
        return { kind: 'unsaved' };
      }
    },
    done: () => ({ text: text('account.passwordChanged'), detail: `${text('account.othersSignedOut')} ${text('account.openPages', { count: tokenMinutes() })}` }),
  });
}
