import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, type ReactNode } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import '../i18n/index.ts';
import type { TaskPatch } from '../api/types.ts';
import { session } from '../auth/session.ts';
import { aTask, aUser } from '../testing.ts';
import BulkDialog from './BulkDialog.tsx';
import { labelsKey, peopleKey, teamsQuery } from './queries.ts';
import { selection } from './selection.ts';
import { shown } from './shown.ts';
import { tasksOf } from './team-tasks.ts';

const { patches, removed } = vi.hoisted(() => ({ patches: [] as TaskPatch[], removed: [] as string[] }));
const task = aTask({ id: 't', key: 'OPS-1' });
const other = aTask({ id: 'u', number: 2 });

vi.mock('../api/client.ts', async (original) => ({
  ...(await original<object>()),
  unwrap: (answer: Promise<unknown>) => answer,
  api: {
    PATCH: (_path: string, { body }: { body: TaskPatch }) => {
      patches.push(body);
      return Promise.resolve({ ...task, ...body, version: patches.length + 1 });
    },
    DELETE: (_path: string, { params }: { params: { path: { task: string } } }) => {
      removed.push(params.path.task);
      return Promise.resolve();
    },
  },
}));

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
Element.prototype.scrollIntoView = () => undefined;

let client: QueryClient;
let root: Root;

beforeEach(() => {
  session.set({ phase: 'in', user: aUser() });
  client = new QueryClient();
  const label = (id: string) => ({ id, name: id, color: '#888888', created_at: '' });
  client.setQueryData(labelsKey('ops'), [label('bug'), label('urgent')] as never);
  client.setQueryData(peopleKey('ops'), []);
  client.setQueryData(teamsQuery().queryKey, []);
  tasksOf(client, 'ops').take([task, other], 1);
  shown.set({ lists: [[task, other]], isManual: true });
});

afterEach(() => act(() => root.unmount()));

async function draw(dialog: ReactNode): Promise<void> {
  root = createRoot(document.body.appendChild(document.createElement('div')));
  await act(async () => {
    root.render(<QueryClientProvider client={client}>{dialog}</QueryClientProvider>);
    await Promise.resolve();
  });
}

test('a second label is given to the same tasks, also when the first has taken them out of the filter', async () => {
  selection.set(new Set(['t']));
  await draw(<BulkDialog team="ops" property="labels" />);
  const choose = (name: string) =>
    act(async () => {
      const options = [...document.querySelectorAll<HTMLElement>('[role=option]')];
      options.find(({ textContent }) => textContent.includes(name))?.click();
      await vi.waitFor(() => expect(patches.at(-1)?.labels).toContain(name));
    });
  await choose('bug');
  // The filter is "no label".
  act(() => shown.set({ lists: [[]], isManual: true }));
  await choose('urgent');
  expect(patches.at(-1)?.labels).toEqual(['bug', 'urgent']);
});

test('what a menu said is deleted, whatever is selected by then', async () => {
  selection.set(new Set());
  await draw(<BulkDialog team="ops" property={null} ids={['t', 'u']} />);
  expect(document.querySelector('[role=dialog]')?.textContent).toContain('OPS-1, OPS-2');
  const buttons = [...document.querySelectorAll('button')];
  await act(async () => {
    buttons.find(({ textContent }) => textContent === 'Delete 2 tasks')?.click();
    await vi.waitFor(() => expect(removed).toEqual(['t', 'u']));
  });
});
