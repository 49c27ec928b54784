import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { Button } from '../ui/Button.tsx';
import { explain } from '../ui/explain.ts';
import { Field } from '../ui/Field.tsx';
import css from './auth.module.css';
import { signIn } from './session.ts';
import { textOf, useForm } from './useForm.ts';

export function SignIn() {
  const { t } = useTranslation();
  const [path, navigate] = useLocation();
  const { busy, problem, onSubmit } = useForm(
    (fields) => signIn({ email: textOf(fields, 'email'), password: textOf(fields, 'password') }),
    () => afterwards(path, navigate),
  );
  return (
    <form className={css.form} onSubmit={onSubmit} noValidate>
      <h1 className={css.title}>{t('auth.signInTitle')}</h1>
      <Field label={t('auth.email')} name="email" type="email" autoComplete="username" required autoFocus />
      <Field label={t('auth.password')} name="password" type="password" autoComplete="current-password" required />
      {problem !== null && (
        <p className={css.problem} role="alert">
          {problem.status === 401 ? t('auth.wrong') : explain(problem)}
        </p>
      )}
      <Button type="submit" look="primary" busy={busy}>
        {t('auth.signIn')}
      </Button>
    </form>
  );
}

/** From a page that is only for strangers: to the invitation in the address, else home. Elsewhere one stays. */
export function afterwards(path: string, navigate: (to: string) => void): void {
  if (path !== '/signin' && path !== '/signup') return;
  navigate(location.hash === '' ? '/' : `/invite${location.hash}`);
}
