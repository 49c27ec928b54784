import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { api } from '../api/client.ts';
import type { Label } from '../api/types.ts';
import { session } from '../auth/session.ts';
import { getDraft, setDraft } from '../drafts/drafts.ts';
import { aTask, anAnswer, aTeam, aUser, elementWith, fieldWith, typeIn } from '../testing.ts';
import { close } from '../ui/stage.ts';
import { toasts } from '../ui/toasts.ts';
import { labelsKey, peopleKey, teamsQuery, type Person } from './queries.ts';
import NewTask from './NewTask.tsx';

const { authorisedFetch } = vi.hoisted(() => ({ authorisedFetch: vi.fn<(request: Request) => Promise<Response>>() }));
vi.mock('../api/client.ts', async (original) => ({ ...(await original<object>()), authorisedFetch }));
// The plain text field stays: the editor needs a browser.
vi.mock('./codemirror.ts', () => new Promise(() => undefined));
Object.assign(globalThis, {
  IS_REACT_ACT_ENVIRONMENT: true,
  ResizeObserver: class {
    observe = () => undefined;
    unobserve = () => undefined;
    disconnect = () => undefined;
  },
});
Element.prototype.scrollIntoView = () => undefined;

const SCOPE = 'new-task:ops';
const LABEL: Label = { id: 'bug', team_id: 'ops', name: 'bug', color: '#5e6ad2', created_at: '', updated_at: '' };
let root: Root;
let client: QueryClient;

function show(labels: Label[] = [], people: Person[] = []): void {
  client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
  client.setQueryData(labelsKey('ops'), labels);
  client.setQueryData(peopleKey('ops'), people);
  client.setQueryData(teamsQuery().queryKey, [aTeam({ key: 'ops', role: 'member' })]);
  root = createRoot(document.body.appendChild(document.createElement('div')));
  act(() =>
    root.render(
      <QueryClientProvider client={client}>
        <NewTask team="ops" status="pending" />
      </QueryClientProvider>,
    ),
  );
}

/** Begins a new label, and gives what lets the server answer. */
async function createLabel(): Promise<() => Promise<void>> {
  act(() => elementWith('[data-property="labels"]').click());
  const field = await vi.waitFor(() => fieldWith('input[role="combobox"]'));
  act(() => typeIn(field, 'bug'));
  let answer: (response: Response) => void = () => undefined;
  authorisedFetch.mockImplementation(() => new Promise((resolve) => (answer = resolve)));
  await act(async () => {
    elementWith('[role="option"]').click();
    await vi.waitFor(() => expect(authorisedFetch).toHaveBeenCalled());
  });
  return () =>
    act(async () => {
      answer(new Response(JSON.stringify(LABEL), { status: 201 }));
      await vi.waitFor(() => expect(client.getQueryData(labelsKey('ops'))).toHaveLength(1));
    });
}

beforeEach(() => {
  authorisedFetch.mockReset();
  vi.restoreAllMocks();
  session.set({ phase: 'in', user: aUser() });
  toasts.set([]);
  setDraft(SCOPE, { text: 'Title' });
});

afterEach(() => {
  act(() => root.unmount());
  close();
  document.body.replaceChildren();
});

test('what is typed while a label is being created stays, and the label is chosen', async () => {
  show();
  const answer = await createLabel();
  act(() => typeIn(fieldWith('textarea'), 'Written meanwhile'));
  await answer();
  expect(getDraft(SCOPE)?.extra).toMatchObject({ description: 'Written meanwhile', labels: ['bug'] });
});

test('pasted lines that are refused come back with what was chosen for them', async () => {
  setDraft(SCOPE, { text: '', extra: { labels: ['bug'], status: 'blocked' } });
  setDraft('new-task-lines:ops', { text: 'One\nTwo' });
  show([LABEL]);
  authorisedFetch.mockImplementation(() => anAnswer(403));
  await act(async () => {
    elementWith('[role="alert"] button').click();
    await vi.waitFor(() => expect(getDraft('new-task-lines:ops')?.text).toBe('One\nTwo'));
  });
  expect(getDraft(SCOPE)?.extra).toMatchObject({ labels: ['bug'], status: 'blocked' });
});

test('a new label is shown in the form before it has been created', async () => {
  show();
  const answer = await createLabel();
  expect(elementWith('[data-property="labels"]').textContent).toContain('bug');
  await answer();
  expect(elementWith('[data-property="labels"]').textContent).toContain('bug');
});

/** Answers the task, and notes what is changed in it. */
function answerTask(): unknown[] {
  const changes: unknown[] = [];
  const task = aTask({ number: 7, title: 'Title' });
  authorisedFetch.mockImplementation(() => Promise.resolve(new Response(JSON.stringify(task), { status: 201 })));
  vi.spyOn(api, 'PATCH').mockImplementation((_: string, { body }: { body: object }) => {
    changes.push(body);
    return Promise.resolve({ data: { ...task, ...body }, response: new Response() });
  });
  return changes;
}

test('a task that is sent before its new label has been created gets it afterwards, and no other task begins', async () => {
  show();
  const answer = await createLabel();
  const changes = answerTask();
  act(() => fieldWith('form input').form?.requestSubmit());
  await answer();
  await vi.waitFor(() => expect(changes).toEqual([{ labels: ['bug'] }]));
  expect(getDraft(SCOPE)).toBeUndefined();
});

test('with the next task begun, the one that was sent and the next one both get the new label', async () => {
  show();
  const answer = await createLabel();
  const changes = answerTask();
  act(() => {
    fieldWith('form input').dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Enter', ctrlKey: true, shiftKey: true, bubbles: true, cancelable: true }),
    );
  });
  await answer();
  await vi.waitFor(() => expect(changes).toEqual([{ labels: ['bug'] }]));
  expect(getDraft(SCOPE)?.extra).toMatchObject({ labels: ['bug'] });
});

test('a task that is refused before its new label has been created comes back with it', async () => {
  show();
  const answer = await createLabel();
  authorisedFetch.mockImplementation(() => anAnswer(403, {}));
  act(() => fieldWith('form input').form?.requestSubmit());
  await vi.waitFor(() => expect(getDraft(SCOPE)?.text).toBe('Title'));
  await answer();
  await vi.waitFor(() => expect(getDraft(SCOPE)?.extra).toMatchObject({ labels: ['bug'] }));
});

test('a label that was deleted and somebody who has left are taken out of the draft, and that is said', () => {
  const bob: Person = { user: aUser({ id: 'bob', name: 'Bob' }), role: 'member', joined_at: '', left_at: '2026-11-01T10:00:00Z' };
  setDraft(SCOPE, { text: 'Title', extra: { description: 'Kept', labels: ['gone', 'bug'], assignees: ['bob'] } });
  show([LABEL], [bob]);
  expect(getDraft(SCOPE)?.extra).toMatchObject({ description: 'Kept', labels: ['bug'], assignees: [] });
  expect(toasts.get().map(({ text }) => text)).toEqual(['Removed from the new task: a deleted label, Bob (former)']);
});
