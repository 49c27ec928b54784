import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { session } from '../auth/session.ts';
import { drafts } from '../drafts/drafts.ts';
import { labelsKey } from '../task/queries.ts';
import { aTeam, aUser, fieldWith, typeIn } from '../testing.ts';
import { toasts } from '../ui/toasts.ts';
import { InviteForm } from './InviteForm.tsx';
import NewTeam from './NewTeam.tsx';

const { authorisedFetch } = vi.hoisted(() => ({ authorisedFetch: vi.fn<() => Promise<Response>>() }));
vi.mock('../api/client.ts', async (original) => ({ ...(await original<object>()), authorisedFetch }));
Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

const team = aTeam({ key: 'ops', role: 'owner' });
let root: Root;
let answer: (body: object) => Promise<void>;

beforeEach(() => {
  session.set({ phase: 'in', user: aUser() });
  toasts.set([]);
  authorisedFetch.mockReset().mockImplementation(
    () =>
      new Promise((resolve) => {
        answer = (body) =>
          act(async () => {
            resolve(new Response(JSON.stringify(body), { status: 201 }));
            await vi.waitFor(() => expect(toasts.get()).toHaveLength(1));
          });
      }),
  );
  const client = new QueryClient();
  client.setQueryData(labelsKey('ops'), []);
  root = createRoot(document.body.appendChild(document.createElement('div')));
  act(() =>
    root.render(
      <QueryClientProvider client={client}>
        <InviteForm team={team} />
        <NewTeam />
      </QueryClientProvider>,
    ),
  );
});

afterEach(() => {
  act(() => root.unmount());
  document.body.replaceChildren();
});

async function send(name: string, text: string): Promise<ReturnType<typeof fieldWith>> {
  const field = fieldWith(`input[name="${name}"]`);
  act(() => typeIn(field, text));
  await act(async () => {
    field.form?.requestSubmit();
    await vi.waitFor(() => expect(authorisedFetch).toHaveBeenCalled());
  });
  return field;
}

test('the next address stays that is typed while the first is being invited', async () => {
  const field = await send('email', 'one@example.com');
  act(() => typeIn(field, 'two@example.com'));
  await answer({ id: 'i', email: 'one@example.com', role: 'member' });
  expect(field.value).toBe('two@example.com');
});

test('an address that was invited leaves its field', async () => {
  const field = await send('email', 'one@example.com');
  await answer({ id: 'i', email: 'one@example.com', role: 'member' });
  expect(field.value).toBe('');
});

test('the name of the next team stays that is typed while the first is being created', async () => {
  const field = await send('name', 'Support');
  act(() => typeIn(field, 'Sales'));
  await answer({ ...team, name: 'Support', key: 'SUP' });
  expect(drafts.get().get('new-team')).toEqual({ text: 'Sales' });
});
