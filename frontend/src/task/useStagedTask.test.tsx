import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { expect, test } from 'vitest';
import { aTask } from '../testing.ts';
import { isTypedAhead, open, stage } from '../ui/stage.ts';
import { toasts } from '../ui/toasts.ts';
import DeleteTask from './DeleteTask.tsx';
import { tasksOf } from './team-tasks.ts';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

test('a dialog whose task somebody deletes is closed, and keys go to the page again', () => {
  const client = new QueryClient();
  const task = aTask();
  tasksOf(client, 'ops').take([task], 1);
  open({ kind: 'delete', task: task.id });
  const root = createRoot(document.createElement('div'));
  act(() =>
    root.render(
      <QueryClientProvider client={client}>
        <DeleteTask team="ops" id={task.id} />
      </QueryClientProvider>,
    ),
  );
  expect(stage.get()).not.toBeNull();
  act(() => tasksOf(client, 'ops').drop(task));
  expect(stage.get()).toBeNull();
  expect(isTypedAhead()).toBe(false);
  expect(toasts.get()).toMatchObject([{ text: 'This item no longer exists.' }]);
  act(() => root.unmount());
});
