import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { Button } from '../ui/Button.tsx';
import { explain } from '../ui/explain.ts';
import { Field } from '../ui/Field.tsx';
import css from './auth.module.css';
import { signUp } from './session.ts';
import { afterwards } from './SignIn.tsx';
import { textOf, useForm } from './useForm.ts';

export function SignUp() {
  const { t } = useTranslation();
  const [path, navigate] = useLocation();
  const { busy, problem, onSubmit } = useForm(
    (fields) =>
      signUp({ name: textOf(fields, 'name'), email: textOf(fields, 'email'), password: textOf(fields, 'password') }),
    () => afterwards(path, navigate),
  );
  const taken = problem?.status === 409 ? t('auth.taken') : undefined;
  const isElsewhere = problem !== null && problem.errors.length === 0 && taken === undefined;
  return (
    <form className={css.form} onSubmit={onSubmit} noValidate>
      <h1 className={css.title}>{t('auth.signUpTitle')}</h1>
      <Field label={t('auth.name')} name="name" autoComplete="name" error={problem?.at('/name')} required autoFocus />
      <Field
        label={t('auth.email')}
        name="email"
        type="email"
        autoComplete="username"
        error={taken ?? problem?.at('/email')}
        required
      />
      <Field
        label={t('auth.password')}
        name="password"
        type="password"
        autoComplete="new-password"
        hint={t('auth.passwordHint')}
        error={problem?.at('/password')}
        required
      />
      {isElsewhere && (
        <p className={css.problem} role="alert">
          {explain(problem)}
        </p>
      )}
      <Button type="submit" look="primary" busy={busy}>
        {t('auth.signUp')}
      </Button>
    </form>
  );
}
