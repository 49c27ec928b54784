import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, type ReactNode } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Comment } from '../api/types.ts';
import { session } from '../auth/session.ts';
import { setDraft } from '../drafts/drafts.ts';
import { aUser, elementWith, fieldWith, typeIn } from '../testing.ts';
import { OneComment } from './OneComment.tsx';
import { editScope } from './useComments.ts';
import { labelsKey, peopleKey } from './queries.ts';
import type { CommentActions } from './useComments.ts';

// The plain text field stays: the editor needs a browser.
vi.mock('./codemirror.ts', () => new Promise(() => undefined));
vi.mock('../ui/Menu.tsx', () => ({
  Menu: ({ children }: { children: ReactNode }) => <div data-menu>{children}</div>,
  MenuItem: ({ children, onSelect }: { children: ReactNode; onSelect: () => void }) => (
    <button type="button" onClick={onSelect}>
      {children}
    </button>
  ),
}));
Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

const comment: Comment = { id: 'c', task_id: 't', author_id: 'ann', body: 'First', created_at: '', updated_at: '' };
const edit = vi.fn<CommentActions['edit']>();
const actions = { add: vi.fn(), edit, remove: vi.fn() } as unknown as CommentActions;
let root: Root;

/** As the page shows it while the edit to `body` waits for the network. */
function show(body: string): void {
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
  for (const key of [labelsKey('ops'), peopleKey('ops')]) client.setQueryData(key, []);
  act(() =>
    root.render(
      <QueryClientProvider client={client}>
        <OneComment team="ops" comment={{ ...comment, body }} isMine canDelete actions={actions} />
      </QueryClientProvider>,
    ),
  );
}

const inMenu = (n: number) => act(() => document.querySelectorAll<HTMLElement>('[data-menu] button')[n]?.click());

beforeEach(() => {
  session.set({ phase: 'in', user: aUser() });
  setDraft(editScope(comment), undefined);
  edit.mockReset().mockReturnValue(new Promise(() => undefined));
  root = createRoot(document.body.appendChild(document.createElement('div')));
});
afterEach(() => {
  act(() => root.unmount());
  document.body.replaceChildren();
});

test('a second edit, begun while the first waits, goes on from the first', () => {
  setDraft(editScope(comment), { text: 'Second', base: { version: 0, text: 'First' } });
  show('Second');
  inMenu(0);
  act(() => typeIn(fieldWith('textarea'), 'Third'));
  act(() => {
    fieldWith('textarea').dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', ctrlKey: true, bubbles: true }));
  });
  expect(edit).toHaveBeenCalledExactlyOnceWith({ ...comment, body: 'Second' }, 'Third', 'Second');
});

test('Escape in the question before deleting is Cancel', () => {
  show('First');
  inMenu(1);
  const question = elementWith('[role="alertdialog"]');
  expect(question.contains(document.activeElement)).toBe(true);
  act(() => void document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true })));
  expect(document.querySelector('[role="alertdialog"]')).toBe(null);
});
