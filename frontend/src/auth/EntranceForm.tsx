import type { ReactNode } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { Button } from '../ui/Button.tsx';
import { Field } from '../ui/Field.tsx';
import css from './auth.module.css';
import type { useForm } from './useForm.ts';

export interface EntranceProps {
  email: string;
  onEmail: (email: string) => void;
  /** What the button says: an invited person also joins a team. */
  action: string;
  onDone: () => void;
}

interface Props {
  title: string;
  form: ReturnType<typeof useForm>['form'];
  busy: boolean;
  /** Why it was refused; null if it wasn't. */
  problem: string | null;
  action: string;
  children: ReactNode;
}

/** What signing in and signing up have in common. */
export function EntranceForm({ title, form, busy, problem, action, children }: Props) {
  return (
    <form className={css.form} {...form}>
      <h1 className={css.title}>{title}</h1>
      {children}
      {problem !== null && (
        <p className={css.problem} role="alert">
          {problem}
        </p>
      )}
      <Button type="submit" look="primary" busy={busy}>
        {action}
      </Button>
    </form>
  );
}

export function EmailField(props: Pick<EntranceProps, 'email' | 'onEmail'> & { error: string | undefined; autoFocus?: boolean }) {
  const { t } = useTranslation();
  return (
    <Field
      label={t('auth.email')}
      name="email"
      type="email"
      autoComplete="username"
      autoCapitalize="none"
      spellCheck={false}
      value={props.email}
      onChange={(event) => props.onEmail(event.target.value)}
      error={props.error}
      required
      autoFocus={props.autoFocus ?? false}
    />
  );
}
