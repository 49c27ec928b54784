import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { Link, useLocation } from 'wouter';
import { Sentence } from '../i18n/Sentence.tsx';
import css from './auth.module.css';
import { entrance, next } from './continue.ts';
import { invitationIn, joinAfterwards, previewQuery } from './invitation.ts';
import { SignIn } from './SignIn.tsx';
import { SignUp } from './SignUp.tsx';

/** The page for people who aren't signed in. They stay at the address that they asked for. */
export default function Welcome({ expired, email: lastEmail }: { expired: boolean; email: string | undefined }) {
  const { t } = useTranslation();
  const [path, navigate] = useLocation();
  const { search, hash } = location;
  const token = invitationIn(path, hash);
  const preview = useQuery({ ...previewQuery(token ?? ''), enabled: token !== null });
  const invitation = token === null ? undefined : preview.data;
  const [typed, setTyped] = useState<string | null>(null);
  const email = typed ?? invitation?.email ?? lastEmail ?? '';
  const isSignUp = path === '/signup';
  const joins = invitation !== undefined && invitation !== null;
  const done = () => {
    if (joins && token !== null && email.trim().toLowerCase() === invitation.email) joinAfterwards(token);
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
        {joins && (
          <p className={css.notice} role="status">
            <Sentence
              of={isSignUp ? 'invite.signUpToJoin' : 'invite.signInToJoin'}
              parts={{ inviter: invitation.inviter.name, team: invitation.team.name, role: t(`role.${invitation.role}`) }}
            />
          </p>
        )}
        {invitation === null && (
          <p className={css.problem} role="alert">
            {t('invite.gone')}
          </p>
        )}
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
