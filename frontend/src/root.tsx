import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { later, loadPatiently, NotLoaded } from './ui/later.ts';
import { watchUnexpected } from './ui/unexpected.ts';

watchUnexpected();
void loadPatiently(later(() => import('./ui/files.ts').then(({ refuseDrops }) => refuseDrops())));

/** What is caught is shown where it failed; the console is told of what a developer can repair. */
function reportCaught(error: unknown): void {
  // eslint-disable-next-line no-console -- as React does by itself
  if (!(error instanceof NotLoaded)) console.error(error);
}

const root = document.getElementById('root');
if (root !== null) {
  createRoot(root, { onCaughtError: reportCaught }).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
