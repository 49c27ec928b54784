import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { asProblem } from './api/problem.ts';
import { App } from './App.tsx';
import { session, startSession } from './auth/session.ts';
import './drafts/drafts.ts';
import './i18n/index.ts';
import { resumeUnsent } from './outcomes/resume.ts';
import { startAnewForOthers } from './shell/leaving.ts';
import { releaseTasks } from './task/team-tasks.ts';
import './ui/fonts.css';
import './ui/base.css';
import './ui/composing.ts';
import './ui/print.css';
import { NotLoaded } from './ui/part.ts';
import { watchUnexpected } from './ui/unexpected.ts';

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // A refusal stays one; what may pass by itself is tried again.
      retry: (failures, error) => failures < 2 && [0, 429, 502, 503, 504].includes(asProblem(error).status),
      refetchOnWindowFocus: false,
      // Ours says why nothing comes; waiting for the network would say nothing.
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});

startAnewForOthers();
// Nothing that was loaded stays behind when somebody goes.
let user: string | null = null;
session.subscribe(() => {
  const now = session.get();
  const next = now.phase === 'in' ? now.user.id : null;
  if (user !== null && user !== next) {
    client.clear();
    releaseTasks(client);
  }
  user = next;
});

watchUnexpected();
resumeUnsent(client);
void startSession();

/** What is caught is shown where it failed; the console is told of what a developer can repair. */
function reportCaught(error: unknown): void {
  // eslint-disable-next-line no-console -- as React does by itself
  if (!(error instanceof NotLoaded)) console.error(error);
}

const root = document.getElementById('root');
if (root !== null) {
  createRoot(root, { onCaughtError: reportCaught }).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <App />
      </QueryClientProvider>
    </StrictMode>,
  );
}
