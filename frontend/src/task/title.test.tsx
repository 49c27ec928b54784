import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ApiProblem } from '../api/problem.ts';
import type { Task } from '../api/types.ts';
import { session } from '../auth/session.ts';
import { getDraft, setDraft } from '../drafts/drafts.ts';
import { aTask, aUser } from '../testing.ts';
import { typeAhead, want } from '../ui/stage.ts';
import { toasts } from '../ui/toasts.ts';
import { tasksOf } from './team-tasks.ts';
import { Title } from './Title.tsx';
import { useTask } from './useTasks.ts';

interface Sent {
  body: Partial<Task>;
  params: { header: { 'If-Match': string } };
}

const server = vi.hoisted(() => ({ task: undefined as unknown as Task, titles: [] as unknown[], conflicts: 0 }));
vi.mock('../api/client.ts', async (original) => ({
  ...(await original<object>()),
  unwrap: (answer: Promise<unknown>) => answer,
  api: {
    GET: () => Promise.resolve(server.task),
    PATCH: (_path: string, { body, params }: Sent) => {
      if (params.header['If-Match'] !== `"${server.task.version}"`) {
        server.conflicts++;
        return Promise.reject(new ApiProblem({ status: 412 }));
      }
      server.titles.push(body.title);
      server.task = { ...server.task, ...body, version: server.task.version + 1 };
      return Promise.resolve(server.task);
    },
  },
}));
Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

const scope = 'title:t';
let client: QueryClient;
let root: Root;
let online = true;

const go = (isOnline: boolean) =>
  act(async () => {
    online = isOnline;
    dispatchEvent(new Event(isOnline ? 'online' : 'offline'));
    await new Promise((done) => setTimeout(done));
  });

function Panel() {
  const { task } = useTask('ops', 't');
  return task === undefined ? null : <Title team="ops" task={task} canEdit />;
}

function openPanel() {
  root = createRoot(document.body.appendChild(document.createElement('div')));
  act(() =>
    root.render(
      <QueryClientProvider client={client}>
        <Panel />
      </QueryClientProvider>,
    ),
  );
}

function field(): HTMLTextAreaElement {
  const found = document.querySelector('textarea');
  if (found === null) throw new Error('no field');
  return found;
}

function type(text: string) {
  act(() => field().focus());
  act(() => {
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value')?.set?.call(field(), text);
    field().dispatchEvent(new Event('input', { bubbles: true }));
  });
}

function rename(text: string) {
  type(text);
  act(() => field().blur());
}

beforeEach(() => {
  vi.spyOn(navigator, 'onLine', 'get').mockImplementation(() => online);
  online = true;
  session.set({ phase: 'in', user: aUser() });
  toasts.set([]);
  setDraft(scope, undefined);
  client = new QueryClient();
  const task = aTask({ id: 't', title: 'Old' });
  tasksOf(client, 'ops').take([task], 1);
  Object.assign(server, { task, titles: [], conflicts: 0 });
  document.body.innerHTML = '';
  openPanel();
});
afterEach(() => {
  act(() => root.unmount());
  vi.restoreAllMocks();
});

test('each title is sent that is given while an earlier one is on its way', async () => {
  await go(false);
  rename('Nwe');
  rename('New');
  expect(field().value).toBe('New');
  expect(document.body.textContent).not.toContain('isn’t saved');
  act(() => root.unmount());
  openPanel();
  rename('Newer');
  expect(document.querySelector('[role=alert]')).toBeNull();
  act(() => root.unmount());
  await go(true);
  await vi.waitFor(() => expect(server.titles).toEqual(['Nwe', 'New', 'Newer']));
  await vi.waitFor(() => expect(getDraft(scope)).toBeUndefined());
  expect(server.conflicts).toBe(0);
  openPanel();
  expect(field().value).toBe('Newer');
});

test('the title before can be given back while another is on its way', async () => {
  await go(false);
  rename('New');
  rename('Old');
  expect(field().value).toBe('Old');
  await go(true);
  await vi.waitFor(() => expect(server.titles).toEqual(['New', 'Old']));
  await vi.waitFor(() => expect(getDraft(scope)).toBeUndefined());
});

test('a colleague’s title between two of the user’s is a conflict', async () => {
  await go(false);
  rename('Mine');
  rename('Mine, too');
  server.task = { ...server.task, title: 'Theirs', version: 2 };
  await go(true);
  await vi.waitFor(() => expect(document.querySelector('[role=alert]')?.textContent).toContain('Mine, too'));
  expect(server.titles).toEqual([]);
  expect(server.task.title).toBe('Theirs');
});

test('what is being typed when a title was saved goes on from it', async () => {
  await go(false);
  rename('New');
  type('New and');
  await go(true);
  await vi.waitFor(() => expect(server.titles).toEqual(['New']));
  await vi.waitFor(() => expect(getDraft(scope)).toEqual({ text: 'New and', base: { version: 2, text: 'New' } }));
  expect(document.querySelector('[role=alert]')).toBeNull();
});

test('a draft of what is saved already is no unsaved title', () => {
  act(() => setDraft(scope, { text: 'Theirs', base: { version: 1, text: 'Old' } }));
  expect(document.body.textContent).toContain('isn’t saved');
  act(() => tasksOf(client, 'ops').keep({ ...server.task, title: 'Theirs', version: 2 }));
  expect(document.body.textContent).not.toContain('isn’t saved');
  expect(getDraft(scope)).toBeUndefined();
});

test('what was typed before the field was there stays in it', async () => {
  act(() => root.unmount());
  want('t', 'title');
  for (const letter of 'Half a ') typeAhead(letter, letter);
  openPanel();
  await act(() => Promise.resolve());
  expect(getDraft(scope)?.text).toBe('Half a ');
  expect(field().value).toBe('Half a ');
});

test('a title is saved when the panel goes away with the focus in it', async () => {
  type('New');
  act(() => root.unmount());
  await vi.waitFor(() => expect(server.titles).toEqual(['New']));
  await vi.waitFor(() => expect(getDraft(scope)).toBeUndefined());
});

test('the title of a task that a colleague deletes stays as a draft', () => {
  type('New');
  const tasks = tasksOf(client, 'ops');
  act(() => tasks.drop(aTask({ id: 't', title: 'Old' })));
  expect(document.querySelector('textarea')).toBeNull();
  expect(server.titles).toEqual([]);
  expect(getDraft(scope)?.text).toBe('New');
});
