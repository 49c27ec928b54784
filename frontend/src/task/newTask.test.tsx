import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { session } from '../auth/session.ts';
import { setDraft } from '../drafts/drafts.ts';
import { labelsKey, peopleKey, teamsQuery } from './queries.ts';
import { aTask, aUser } from '../testing.ts';
import { close, open } from '../ui/stage.ts';
import { toasts } from '../ui/toasts.ts';
import NewTask from './NewTask.tsx';

const { authorisedFetch } = vi.hoisted(() => ({ authorisedFetch: vi.fn<() => Promise<Response>>() }));
vi.mock('../api/client.ts', async (original) => ({ ...(await original<object>()), authorisedFetch }));
// The plain text field stays: the editor needs a browser.
vi.mock('./codemirror.ts', () => new Promise(() => undefined));
Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

let answer: () => Promise<void>;
let root: Root;

beforeEach(async () => {
  session.set({ phase: 'in', user: aUser() });
  toasts.set([]);
  history.replaceState(null, '', '/t/ops/board');
  authorisedFetch.mockReset().mockImplementation(
    () =>
      new Promise((resolve) => {
        answer = () =>
          act(async () => {
            resolve(new Response(JSON.stringify(aTask({ number: 7, key: 'OPS-7' })), { status: 201 }));
            await vi.waitFor(() => expect(toasts.get()).toHaveLength(1));
          });
      }),
  );
  setDraft('new-task:ops', { text: 'Made' });
  const client = new QueryClient();
  for (const key of [labelsKey('ops'), peopleKey('ops'), teamsQuery().queryKey]) client.setQueryData(key, []);
  root = createRoot(document.body.appendChild(document.createElement('div')));
  act(() =>
    root.render(
      <QueryClientProvider client={client}>
        <NewTask team="ops" status="pending" />
      </QueryClientProvider>,
    ),
  );
  await act(async () => {
    const buttons = [...document.querySelectorAll('button')];
    buttons.find(({ textContent }) => textContent === 'Create and open')?.click();
    await vi.waitFor(() => expect(authorisedFetch).toHaveBeenCalled());
  });
});

afterEach(() => {
  act(() => root.unmount());
  close();
});

test('a task that was created to be opened is opened', async () => {
  await answer();
  expect(location.search).toBe('?task=7');
});

test('it isn’t opened over another page that was opened meanwhile, and the message has Open', async () => {
  history.pushState(null, '', '/t/ops/dashboard');
  await answer();
  expect(location.pathname + location.search).toBe('/t/ops/dashboard');
  expect(toasts.get()[0]?.actions?.map(({ label }) => label)).toContain('Open');
});

test('it isn’t opened under a dialog that was opened meanwhile', async () => {
  open({ kind: 'new-task', status: 'pending' });
  await answer();
  expect(location.search).toBe('');
});
