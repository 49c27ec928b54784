import { useTranslation } from '../i18n/index.ts';
import { explain } from '../ui/explain.ts';
import { EmailField, EntranceForm, type EntranceProps } from './EntranceForm.tsx';
import { PasswordField } from './PasswordField.tsx';
import { emailProblem } from './rules.ts';
import { signIn } from './session.ts';
import { textOf, useForm } from './useForm.ts';

export function SignIn({ email, onEmail, action, onDone }: EntranceProps) {
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
    <EntranceForm
      title={t('auth.signInTitle')}
      form={form}
      busy={busy}
      problem={problem === null ? null : problem.status === 401 ? t('auth.wrong') : explain(problem)}
      action={action}
    >
      <EmailField email={email} onEmail={onEmail} error={errors.email} autoFocus={email === ''} />
      <PasswordField
        label={t('auth.password')}
        name="password"
        autoComplete="current-password"
        error={errors.password}
        required
        autoFocus={email !== ''}
      />
    </EntranceForm>
  );
}
