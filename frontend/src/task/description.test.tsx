import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Task } from '../api/types.ts';
import { session } from '../auth/session.ts';
import { getDraft, setDraft } from '../drafts/drafts.ts';
import { aTask, aUser } from '../testing.ts';
import { isTypedAhead, typeAhead, want } from '../ui/stage.ts';
import { Description } from './Description.tsx';
import { tasksOf } from './team-tasks.ts';
import { useTask } from './useTasks.ts';

const api = vi.hoisted(() => ({ PATCH: vi.fn<() => Promise<unknown>>(), GET: () => new Promise(() => undefined) }));
vi.mock('../api/client.ts', async (original) => ({ ...(await original<object>()), api, unwrap: (answer: unknown) => answer }));
// The plain text field stays: the editor needs a browser.
vi.mock('./codemirror.ts', () => new Promise(() => undefined));
Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

const task = aTask({ description: 'Old', version: 3 });
const scope = `description:${task.id}`;
let answer: (saved: Task) => Promise<void>;
let root: Root;

function Panel() {
  const { task: now } = useTask('ops', task.id);
  return now === undefined ? null : <Description team="ops" task={now} canEdit />;
}

const find = (selector: string) => document.querySelector<HTMLElement>(selector);
const field = () => document.querySelector('textarea');

async function type(text: string): Promise<void> {
  await act(async () => {
    const element = field();
    if (element !== null) Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value')?.set?.call(element, text);
    element?.dispatchEvent(new Event('input', { bubbles: true }));
    await Promise.resolve();
  });
}

async function save(): Promise<void> {
  await act(async () => {
    field()?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', ctrlKey: true, bubbles: true, cancelable: true }));
    await vi.waitFor(() => expect(api.PATCH).toHaveBeenCalled());
  });
}

const press = (part: 'description') => act(() => want(task.id, part));

beforeEach(() => {
  session.set({ phase: 'in', user: aUser() });
  setDraft(scope, undefined);
  api.PATCH.mockReset().mockImplementation(
    () =>
      new Promise((resolve) => {
        answer = (saved) =>
          act(async () => {
            resolve(saved);
            await new Promise((drawn) => setTimeout(drawn));
          });
      }),
  );
  const client = new QueryClient();
  tasksOf(client, 'ops').take([task], 1);
  document.body.innerHTML = '<main id="root"></main>';
  root = createRoot(document.getElementById('root') ?? document.body);
  act(() =>
    root.render(
      <QueryClientProvider client={client}>
        <aside tabIndex={-1} data-panel>
          <Panel />
          <input />
        </aside>
      </QueryClientProvider>,
    ),
  );
});
afterEach(() => act(() => root.unmount()));

test('the key for a description that is open already leads back to it, with what is typed next', () => {
  press('description');
  expect(document.activeElement).toBe(field());
  field()?.blur();
  act(() => {
    want(task.id, 'description');
    typeAhead('x', 'x');
  });
  expect(document.activeElement).toBe(field());
  expect(isTypedAhead()).toBe(false);
  expect(field()?.value).toBe('Oldx');
});

test('a saved description leaves the focus to what is being typed meanwhile', async () => {
  press('description');
  await type('New');
  await save();
  find('input')?.focus();
  await answer({ ...task, description: 'New', version: 4 });
  expect(field()).toBeNull();
  expect(document.activeElement).toBe(find('input'));
});

test('a saved description gives the focus to the panel', async () => {
  press('description');
  await type('New');
  await save();
  await answer({ ...task, description: 'New', version: 4 });
  expect(document.activeElement).toBe(find('aside'));
});

test('what is typed while a description is saved stays, over what was saved', async () => {
  press('description');
  await type('New');
  await save();
  await type('New, and more');
  expect(find('[role=alert], [role=group]')).toBeNull();
  await answer({ ...task, description: 'New', version: 4 });
  expect(field()?.value).toBe('New, and more');
  expect(find('[role=alert], [role=group]')).toBeNull();
  expect(getDraft(scope)).toEqual({ text: 'New, and more', base: { version: 4, text: 'New' } });
});
