import { useTranslation } from 'react-i18next';
import { Link, Route, Switch, useLocation } from 'wouter';
import css from './auth.module.css';
import { SignIn } from './SignIn.tsx';
import { SignUp } from './SignUp.tsx';

/** The page for whoever isn't signed in, at whatever address: that is where they are once they are. */
export default function Welcome({ expired }: { expired: boolean }) {
  const { t } = useTranslation();
  const [path] = useLocation();
  const invited = path === '/invite';
  return (
    <main className={css.page}>
      <div className={css.card}>
        <p className={css.brand}>
          <img src="/icon.svg" alt="" width="28" height="28" />
          TaskHub
        </p>
        {expired && <p className={css.notice}>{t('auth.expired')}</p>}
        {invited && <p className={css.notice}>{t('auth.invited')}</p>}
        <Switch>
          <Route path="/signup">
            <SignUp />
          </Route>
          <Route>
            <SignIn />
          </Route>
        </Switch>
        <p className={css.other}>
          {path === '/signup' ? t('auth.haveAccount') : t('auth.noAccount')}{' '}
          <Link href={`${path === '/signup' ? '/signin' : '/signup'}${location.hash}`}>
            {path === '/signup' ? t('auth.signIn') : t('auth.signUp')}
          </Link>
        </p>
      </div>
      <Link href="/status" className={css.status}>
        {t('nav.status')}
      </Link>
    </main>
  );
}
