import { useTranslation } from '../i18n/index.ts';
import type { ApiProblem } from '../api/problem.ts';
import { explain } from '../ui/explain.ts';
import { Field } from '../ui/Field.tsx';
import { EmailField, EntranceForm, type EntranceProps } from './EntranceForm.tsx';
import { PasswordField } from './PasswordField.tsx';
import { emailProblem, nameProblem, PASSWORD_MIN, passwordProblem } from './rules.ts';
import { signUp } from './signUp.ts';
import { textOf, useForm } from './useForm.ts';

export function SignUp({ email, onEmail, action, onDone }: EntranceProps) {
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
    <EntranceForm
      title={t('auth.signUpTitle')}
      form={form}
      busy={busy}
      problem={problem === null ? null : explain(problem)}
      action={action}
    >
      <Field label={t('auth.name')} name="name" autoComplete="name" dir="auto" error={errors.name} required autoFocus />
      <EmailField email={email} onEmail={onEmail} error={errors.email} />
      <PasswordField
        label={t('auth.password')}
        name="password"
        autoComplete="new-password"
        minLength={PASSWORD_MIN}
        hint={t('auth.passwordHint', { least: PASSWORD_MIN })}
        error={errors.password}
        required
      />
    </EntranceForm>
  );
}
