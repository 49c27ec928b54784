import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { api } from '../api/client.ts';
import type { Label } from '../api/types.ts';
import { session } from '../auth/session.ts';
import { drafts } from '../drafts/drafts.ts';
import { labelsKey } from '../task/queries.ts';
import { aTeam, aUser, fieldWith, typeIn } from '../testing.ts';
import { Labels } from './Labels.tsx';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

const LABEL: Label = { id: 'bug', team_id: 'ops', name: 'bug', color: '#5e6ad2', created_at: '', updated_at: '2026-11-01T10:00:00Z' };
let root: Root;
let names: unknown[];
let answers: ((refusal?: object) => void)[];

beforeEach(() => {
  session.set({ phase: 'in', user: aUser() });
  drafts.set(new Map());
  names = [];
  answers = [];
  vi.spyOn(api, 'PATCH').mockImplementation(((_: string, { body }: { body: Partial<Label> }) => {
    names.push(body.name);
    return new Promise((resolve) => {
      answers.push((error) => {
        const response = new Response(null, { status: error === undefined ? 200 : 409 });
        resolve(error === undefined ? { data: { ...LABEL, ...body }, response } : { error, response });
      });
    });
  }) as never);
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
  client.setQueryData(labelsKey('ops'), [LABEL]);
  root = createRoot(document.body.appendChild(document.createElement('div')));
  act(() =>
    root.render(
      <QueryClientProvider client={client}>
        <Labels team={aTeam({ role: 'member' })} />
      </QueryClientProvider>,
    ),
  );
});

afterEach(() => {
  act(() => root.unmount());
  document.body.replaceChildren();
  vi.restoreAllMocks();
});

const field = () => fieldWith('li input[aria-label^="Name of"]');
const enter = (text: string) => {
  act(() => typeIn(field(), text));
  act(() => {
    field().dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
  });
};
const answer = (refusal?: object) => act(async () => {
  answers.shift()?.(refusal);
  await new Promise((done) => setTimeout(done));
});

test('a name that is entered while an earlier one is on its way is saved after it', async () => {
  enter('Bugs');
  enter('Bugs and');
  enter('Bugs and more');
  await vi.waitFor(() => expect(names).toEqual(['Bugs']));
  await answer();
  await vi.waitFor(() => expect(names).toEqual(['Bugs', 'Bugs and more']));
  await answer();
  await vi.waitFor(() => expect(field().value).toBe('Bugs and more'));
  await vi.waitFor(() => expect(drafts.get().size).toBe(0));
});

test('the earlier name entered again is saved too', async () => {
  enter('Bugs');
  await vi.waitFor(() => expect(names).toEqual(['Bugs']));
  enter('bug');
  await answer();
  await vi.waitFor(() => expect(names).toEqual(['Bugs', 'bug']));
  await answer();
  await vi.waitFor(() => expect(field().value).toBe('bug'));
});

test('a name is sent after one that was refused, and no refusal of the other is shown', async () => {
  enter('Bugs');
  await vi.waitFor(() => expect(names).toEqual(['Bugs']));
  enter('Faults');
  await answer({ status: 409, type: 'urn:taskhub:problem:conflict' });
  await vi.waitFor(() => expect(names).toEqual(['Bugs', 'Faults']));
  await answer();
  expect(document.querySelector('[role=alert]')).toBeNull();
});

test('a name is saved when its page is left without a blur', async () => {
  act(() => field().focus());
  act(() => typeIn(field(), 'Bugs'));
  act(() => root.render(null));
  await vi.waitFor(() => expect(names).toEqual(['Bugs']));
});
