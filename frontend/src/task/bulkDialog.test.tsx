import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { expect, test, vi } from 'vitest';
import '../i18n/index.ts';
import type { TaskPatch } from '../api/types.ts';
import { session } from '../auth/session.ts';
import { aTask, aUser } from '../testing.ts';
import BulkDialog from './BulkDialog.tsx';
import { labelsKey, peopleKey, teamsQuery } from './queries.ts';
import { selection } from './selection.ts';
import { shown } from './shown.ts';
import { tasksOf } from './team-tasks.ts';

const { patches } = vi.hoisted(() => ({ patches: [] as TaskPatch[] }));
const task = aTask({ id: 't' });

vi.mock('../api/client.ts', async (original) => ({
  ...(await original<object>()),
  unwrap: (answer: Promise<unknown>) => answer,
  api: {
    PATCH: (_path: string, { body }: { body: TaskPatch }) => {
      patches.push(body);
      return Promise.resolve({ ...task, ...body, version: patches.length + 1 });
    },
  },
}));

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
Element.prototype.scrollIntoView = () => undefined;

test('a second label is given to the same tasks, also when the first has taken them out of the filter', async () => {
  session.set({ phase: 'in', user: aUser() });
  const client = new QueryClient();
  const label = (id: string) => ({ id, name: id, color: '#888888', created_at: '' });
  client.setQueryData(labelsKey('ops'), [label('bug'), label('urgent')] as never);
  client.setQueryData(peopleKey('ops'), []);
  client.setQueryData(teamsQuery().queryKey, []);
  tasksOf(client, 'ops').take([task], 1);
  shown.set({ lists: [[task]], isManual: true });
  selection.set(new Set(['t']));

  const root = document.body.appendChild(document.createElement('div'));
  await act(async () => {
    createRoot(root).render(
      <QueryClientProvider client={client}>
        <BulkDialog team="ops" property="labels" />
      </QueryClientProvider>,
    );
    await Promise.resolve();
  });
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
