import { Suspense, useEffect, useState, type ComponentType } from 'react';
import { useTranslation } from './i18n/index.ts';
import { Router, useLocation } from 'wouter';
import { session } from './auth/session.ts';
import type { User } from './api/types.ts';
import { Boundary } from './ui/Boundary.tsx';
import { later } from './ui/later.ts';
import { part } from './ui/part.ts';
import { useStore } from './ui/useStore.ts';
import { Toaster } from './ui/Toaster.tsx';
import { lastTeam } from './shell/lastTeam.ts';
import { aroundNav } from './shell/history.ts';
import { useTitle } from './shell/useTitle.ts';

const Welcome = part(() => import('./auth/Welcome.tsx'));
const StatusAlone = part(() => import('./status/StatusAlone.tsx'));
const loadInside = later(() => import('./shell/SignedIn.tsx'));
// What is about to be seen is loaded while the server is asked for a session: somebody new here will sign in.
(lastTeam() === null ? Welcome.load : loadInside)().catch(() => undefined);

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
            <Inside user={now.user} />
          </Router>
        )}
        {now.phase === 'out' && <Outside expired={goesOn(now)} email={goesOn(now) ? lastEmail : undefined} />}
      </Suspense>
      {/* Who signed out in another tab has left this one, too. */}
      {!(now.phase === 'out' && now.elsewhere === true) && <Toaster />}
    </Boundary>
  );
}

type SignedIn = ComponentType<{ user: User }>;

/** What somebody signed in sees. Not `lazy`: React leaves on the screen for 300 ms what stands in for a lazy part. */
function Inside({ user }: { user: User }) {
  const [loaded, setLoaded] = useState<{ default: SignedIn } | { error: unknown } | null>(null);
  useEffect(() => {
    loadInside().then(setLoaded, (error: unknown) => setLoaded({ error }));
  }, []);
  if (loaded === null) return <Splash />;
  if ('error' in loaded) throw loaded.error;
  return <loaded.default user={user} />;
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
  // Whoever begins to type will soon be inside.
  useEffect(() => {
    const load = () => void loadInside().catch(() => undefined);
    addEventListener('keydown', load, { once: true });
    return () => removeEventListener('keydown', load);
  }, []);
  useTitle([t(Object.hasOwn(OUTSIDE, path) ? OUTSIDE[path as keyof typeof OUTSIDE] : 'auth.signIn')]);
  if (path === '/status') return <StatusAlone />;
  return <Welcome expired={expired} email={email} />;
}

function Splash({ unreachable = false }: { unreachable?: boolean }) {
  const { t } = useTranslation();
  return (
    <main className="splash" aria-busy="true">
      <h1 className="visually-hidden">TaskHub</h1>
      <img src="/icon.svg" alt="" width="36" height="36" />
      <p role="status">{unreachable ? t('errors.waitingForServer') : ''}</p>
    </main>
  );
}
