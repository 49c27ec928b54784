import { useTranslation } from '../i18n/index.ts';
import { Button } from '../ui/Button.tsx';
import { explain } from '../ui/explain.ts';
import { Field } from '../ui/Field.tsx';
import css from './auth.module.css';
import { PasswordField } from './PasswordField.tsx';
import { emailProblem } from './rules.ts';
import { signIn } from './session.ts';
import { textOf, useForm } from './useForm.ts';

interface Props {
  email: string;
  onEmail: (email: string) => void;
  /** What the button says: an invited person also joins a team. */
  action: string;
  onDone: () => void;
}

export function SignIn({ email, onEmail, action, onDone }: Props) {
  const { t } = useTranslation();
  const { busy, problem, errors, form } = useForm({
    check: (fields) => ({
      email: emailProblem(textOf(fields, 'email')),
      password: textOf(fields, 'password') === '' ? t('rules.passwordBlank') : undefined,
    }),
    send: (fields) => signIn({ email: textOf(fields, 'email').trim(), password: textOf(fields, 'password') }),
    done: onDone,
  });
  return (
    <form className={css.form} {...form}>
      <h1 className={css.title}>{t('auth.signInTitle')}</h1>
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
        autoFocus={email === ''}
      />
      <PasswordField
        label={t('auth.password')}
        name="password"
        autoComplete="current-password"
        error={errors.password}
        required
        autoFocus={email !== ''}
      />
      {problem !== null && (
        <p className={css.problem} role="alert">
          {problem.status === 401 ? t('auth.wrong') : explain(problem)}
        </p>
      )}
      <Button type="submit" look="primary" busy={busy}>
        {action}
      </Button>
    </form>
  );
}
