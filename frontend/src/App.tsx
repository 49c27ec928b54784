import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Router, useLocation } from 'wouter';
import { session } from './auth/session.ts';
// Not lazy: it is mostly needed, and React leaves on the screen for 300 ms what stands in for a lazy part.
import { parts } from './shell/ahead.ts';
import Workspace from './shell/Workspace.tsx';
import { Boundary } from './ui/Boundary.tsx';
import { useStore } from './ui/store.ts';
import { Toaster } from './ui/Toaster.tsx';
import { lastTeam } from './shell/address.ts';
import { aroundNav } from './shell/history.ts';
import { useTitle } from './shell/DocumentTitle.tsx';
import css from './app.module.css';

const loadWelcome = () => import('./auth/Welcome.tsx');
const Welcome = lazy(loadWelcome);
// Somebody new here is about to see it: it is loaded while the server is asked for a session.
if (lastTeam() === null) loadWelcome().catch(() => undefined);
const { StatusPage } = parts;

export function App() {
  const now = useStore(session, (state) => state);
  // Whose session has ended: they needn't type their address again.
  const [lastEmail, setLastEmail] = useState<string | undefined>(undefined);
  if (now.phase === 'in' && now.user.email !== lastEmail) setLastEmail(now.user.email);
  return (
    <Boundary>
      <Suspense fallback={<Splash />}>
        {now.phase === 'starting' && <Splash unreachable={now.unreachable} />}
        {now.phase === 'in' && (
          <Router aroundNav={aroundNav}>
            <Workspace user={now.user} />
          </Router>
        )}
        {now.phase === 'out' && <Outside expired={goesOn(now)} email={goesOn(now) ? lastEmail : undefined} />}
      </Suspense>
      <Toaster />
    </Boundary>
  );
}

/** Whether the same person will go on where they were: they didn't sign out in this tab. */
function goesOn({ expired, elsewhere = false }: { expired: boolean; elsewhere?: boolean }): boolean {
  return expired || elsewhere;
}

const OUTSIDE = { '/signup': 'auth.signUp', '/invite': 'invite.title', '/status': 'nav.status' } as const;

/** What is shown to somebody who isn't signed in. */
function Outside({ expired, email }: { expired: boolean; email: string | undefined }) {
  const { t } = useTranslation();
  const [path] = useLocation();
  useTitle([t(path in OUTSIDE ? OUTSIDE[path as keyof typeof OUTSIDE] : 'auth.signIn')]);
  if (path === '/status') {
    return (
      <div className={css.alone}>
        <StatusPage />
      </div>
    );
  }
  return <Welcome expired={expired} email={email} />;
}

function Splash({ unreachable = false }: { unreachable?: boolean }) {
  const { t } = useTranslation();
  return (
    <main className={css.splash} aria-busy="true">
      <h1 className="visually-hidden">TaskHub</h1>
      <img src="/icon.svg" alt="" width="36" height="36" className={css.mark} />
      <p role="status">{unreachable ? t('errors.waitingForServer') : ''}</p>
    </main>
  );
}
