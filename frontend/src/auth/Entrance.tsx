import { useState, type ReactNode } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { Link, useLocation } from 'wouter';
import css from './auth.module.css';
import { entrance, next } from './continue.ts';
import { SignIn } from './SignIn.tsx';
import { SignUp } from './SignUp.tsx';

interface Props {
  expired: boolean;
  /** What the address is until they type another. */
  email: string | undefined;
  /** What the invitation says. */
  notice?: ReactNode;
  /** Who enters will also join a team. */
  joins?: boolean;
  onEntered?: (email: string) => void;
}

/** Signing in or up, by the address. */
export function Entrance({ expired, email: knownEmail, notice, joins = false, onEntered }: Props) {
  const { t } = useTranslation();
  const [path, navigate] = useLocation();
  const { search, hash } = location;
  const [typed, setTyped] = useState<string | null>(null);
  const email = typed ?? knownEmail ?? '';
  const isSignUp = path === '/signup';
  const done = () => {
    onEntered?.(email);
    const to = next(path, search, hash, isSignUp);
    if (to !== null) navigate(to, { replace: true });
  };
  const form = { email, onEmail: setTyped, onDone: done };
  return (
    <main className={css.page}>
      <div className={css.card}>
        <p className={css.brand}>
          <img src="/icon.svg" alt="" width="28" height="28" />
          TaskHub
        </p>
        {expired && (
          <p className={css.notice} role="status">
            {t('auth.expired')}
          </p>
        )}
        {notice}
        {isSignUp ? (
          <SignUp {...form} action={t(joins ? 'invite.signUpAndJoin' : 'auth.signUp')} />
        ) : (
          <SignIn {...form} action={t(joins ? 'invite.signInAndJoin' : 'auth.signIn')} />
        )}
        <p className={css.other}>
          {isSignUp ? t('auth.haveAccount') : t('auth.noAccount')}{' '}
          <Link href={entrance(isSignUp ? '/signin' : '/signup', path, search, hash)}>
            {isSignUp ? t('auth.signIn') : t('auth.signUp')}
          </Link>
        </p>
      </div>
    </main>
  );
}
