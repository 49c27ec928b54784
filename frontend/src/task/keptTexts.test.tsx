import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, type ReactNode } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Comment, Role } from '../api/types.ts';
import { session } from '../auth/session.ts';
import { drafts, setDraft } from '../drafts/drafts.ts';
import { aTask, aUser, pagesOf } from '../testing.ts';
import { Comments } from './Comments.tsx';
import { Description } from './Description.tsx';
import { GoneTask } from './GoneTask.tsx';
import { commentsKey, peopleKey } from './queries.ts';
import { Title } from './Title.tsx';

vi.mock('./codemirror.ts', () => new Promise(() => undefined));
Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

const task = aTask({ id: 't', title: 'Old', description: 'Old' });
const me = aUser();
const role: Role = 'viewer';
const comment: Comment = { id: 'c', task_id: 't', author_id: me.id, body: 'Old', created_at: '2026-11-01T10:00:00Z', updated_at: '2026-11-01T10:00:00Z' };
const key = commentsKey('ops', 't');
let client: QueryClient;
let root: Root;

const draw = (what: ReactNode) => act(() => root.render(<QueryClientProvider client={client}>{what}</QueryClientProvider>));
const comments = (canComment: boolean) => <Comments team="ops" task={task} me={me} role={role} canComment={canComment} />;
const kept = () => [...document.querySelectorAll('[aria-label="Your unsaved text"]')].map((one) => one.querySelector('div')?.textContent);

beforeEach(() => {
  session.set({ phase: 'in', user: me });
  for (const scope of drafts.get().keys()) setDraft(scope, undefined);
  client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
  client.setQueryData(key, pagesOf([comment]));
  client.setQueryData(peopleKey('ops'), []);
  document.body.innerHTML = '';
  root = createRoot(document.body.appendChild(document.createElement('div')));
});
afterEach(() => act(() => root.unmount()));

test('the edit of a comment that somebody deletes is kept', async () => {
  draw(comments(true));
  act(() => setDraft('comment-edit:c:t', { text: 'A long answer', base: { version: 0, text: 'Old' } }));
  expect(kept()).toEqual([]);
  client.setQueryData(key, pagesOf([]));
  await vi.waitFor(() => act(() => expect(kept()).toEqual(['A long answer'])));
});

test('so is it when the whole task is deleted', () => {
  setDraft('comment-edit:c:t', { text: 'A long answer' });
  setDraft('comment:t', { text: 'A comment' });
  setDraft('comment:another', { text: 'Of another task' });
  draw(<GoneTask id="t" />);
  expect(kept()).toEqual(['A long answer', 'A comment']);
});

test('what was written by somebody who may no longer write is kept, and can be discarded', () => {
  setDraft('comment:t', { text: 'A comment' });
  setDraft('title:t', { text: 'A title', base: { version: 1, text: 'Old' } });
  setDraft('description:t', { text: 'A description', base: { version: 1, text: 'Old' } });
  const panel = (canEdit: boolean) => (
    <>
      <Title team="ops" task={task} canEdit={canEdit} />
      <Description team="ops" task={task} canEdit={canEdit} />
      {comments(canEdit)}
    </>
  );
  draw(panel(true));
  expect(kept()).toEqual([]);
  draw(panel(false));
  expect(kept()).toEqual(['A title', 'A description', 'A comment']);
  expect(document.querySelector('textarea')).toBeNull();
  const buttons = [...document.querySelectorAll('button')].filter((one) => one.textContent === 'Discard');
  act(() => buttons[0]?.click());
  expect(kept()).toEqual(['A description', 'A comment']);
});
