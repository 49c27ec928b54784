import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Route, Switch } from 'wouter';
import { session } from './auth/session.ts';
import { Boundary } from './ui/Boundary.tsx';
import { useStore } from './ui/store.ts';
import { Toaster } from './ui/Toaster.tsx';
import css from './app.module.css';

// Under way before it is known whether it is needed: mostly it is.
const workspace = import('./shell/Workspace.tsx');
const Workspace = lazy(() => workspace);
const Welcome = lazy(() => import('./auth/Welcome.tsx'));
const StatusPage = lazy(() => import('./status/StatusPage.tsx'));

export function App() {
  const now = useStore(session, (state) => state);
  return (
    <Boundary>
      <Suspense fallback={<Splash />}>
        {now.phase === 'starting' && <Splash unreachable={now.unreachable} />}
        {now.phase === 'in' && <Workspace user={now.user} />}
        {now.phase === 'out' && (
          <Switch>
            <Route path="/status">
              <div className={css.alone}>
                <StatusPage />
              </div>
            </Route>
            <Route>
              <Welcome expired={now.expired} />
            </Route>
          </Switch>
        )}
      </Suspense>
      <Toaster />
    </Boundary>
  );
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
