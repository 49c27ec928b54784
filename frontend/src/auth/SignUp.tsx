import { useTranslation } from '../i18n/index.ts';
import type { ApiProblem } from '../api/problem.ts';
import { Button } from '../ui/Button.tsx';
import { explain } from '../ui/explain.ts';
import { Field } from '../ui/Field.tsx';
import css from './auth.module.css';
import { PasswordField } from './PasswordField.tsx';
import { emailProblem, nameProblem, PASSWORD_MIN, passwordProblem } from './rules.ts';
import { signUp } from './session.ts';
import { textOf, useForm } from './useForm.ts';

interface Props {
  email: string;
  onEmail: (email: string) => void;
  action: string;
  onDone: () => void;
}

export function SignUp({ email, onEmail, action, onDone }: Props) {
  const { t } = useTranslation();
  const { busy, problem, errors, form } = useForm({
    check: (fields) => ({
      name: nameProblem(textOf(fields, 'name')),
      email: emailProblem(textOf(fields, 'email')),
      password: passwordProblem(textOf(fields, 'password')),
    }),
    send: (fields) =>
      signUp({
        name: textOf(fields, 'name').trim(),
        email: textOf(fields, 'email').trim(),
        password: textOf(fields, 'password'),
      }),
    done: onDone,
    refused: (why: ApiProblem) => ({
      name: why.at('/name') && t('rules.nameRefused'),
      email: why.status === 409 ? t('auth.taken') : why.at('/email') && t('rules.emailInvalid'),
      password: why.at('/password') && t('rules.passwordRefused'),
    }),
  });
  return (
    <form className={css.form} {...form}>
      <h1 className={css.title}>{t('auth.signUpTitle')}</h1>
      <Field label={t('auth.name')} name="name" autoComplete="name" dir="auto" error={errors.name} required autoFocus />
      <Field
        label={t('auth.email')}
        name="email"
        type="email"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        value={email}
        onChange={(event) => onEmail(event.target.value)}
        error={errors.email}
        required
      />
      <PasswordField
        label={t('auth.password')}
        name="password"
        autoComplete="new-password"
        minLength={PASSWORD_MIN}
        hint={t('auth.passwordHint', { least: PASSWORD_MIN })}
        error={errors.password}
        required
      />
      {problem !== null && (
        <p className={css.problem} role="alert">
          {explain(problem)}
        </p>
      )}
      <Button type="submit" look="primary" busy={busy}>
        {action}
      </Button>
    </form>
  );
}
