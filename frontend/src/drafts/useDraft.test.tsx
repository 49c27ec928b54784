import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { beforeEach, expect, test } from 'vitest';
import { session } from '../auth/session.ts';
import { aUser } from '../testing.ts';
import { setDraft } from './drafts.ts';
import { useDraft, type DraftHandle } from './useDraft.ts';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

let draft: DraftHandle;
let root: ReturnType<typeof createRoot>;

function Probe({ initial, version }: { initial: string; version: number }) {
  const handle = useDraft('description:1', { initial, version });
  return <Show handle={handle} />;
}

function Show({ handle }: { handle: DraftHandle }) {
  draft = handle;
  return null;
}

const draw = (initial: string, version: number) => act(() => root.render(<Probe initial={initial} version={version} />));

beforeEach(() => {
  session.set({ phase: 'in', user: aUser() });
  setDraft('description:1', undefined);
  root = createRoot(document.createElement('div'));
});

test('follows what is saved until its author types', () => {
  draw('One', 1);
  expect(draft).toMatchObject({ text: 'One', isDirty: false });
  draw('Two', 2);
  expect(draft).toMatchObject({ text: 'Two', isDirty: false, base: { version: 2, text: 'Two' } });
  act(() => draft.setText('Two and'));
  draw('Three', 3);
  expect(draft).toMatchObject({ text: 'Two and', isDirty: true, base: { version: 2, text: 'Two' } });
  act(() => draft.rebase({ version: 3, text: 'Three' }));
  expect(draft).toMatchObject({ text: 'Two and', base: { version: 3, text: 'Three' } });
  act(() => draft.discard());
  expect(draft).toMatchObject({ text: 'Three', isDirty: false });
});

test('typing back to what was there is no draft', () => {
  draw('One', 1);
  act(() => draft.setText('Ones'));
  act(() => draft.setText('One'));
  expect(draft.isDirty).toBe(false);
});

test('keeps the key of what got no answer while it is corrected, and not when it is discarded', () => {
  setDraft('description:1', { text: 'Sent', key: 'k' });
  draw('', 0);
  act(() => draft.setText('Sent.'));
  act(() => draft.setText('Sent'));
  expect(draft.draft).toMatchObject({ text: 'Sent', key: 'k' });
  act(() => draft.setText(''));
  act(() => draft.setText('Sent'));
  expect(draft.draft?.key).toBeUndefined();
});

test('outlasts the component, and keeps the form’s other fields', () => {
  draw('', 0);
  act(() => draft.setExtra({ priority: 'high' }));
  act(() => draft.setText('New'));
  act(() => root.unmount());
  root = createRoot(document.createElement('div'));
  draw('', 0);
  expect(draft).toMatchObject({ text: 'New', extra: { priority: 'high' }, isDirty: true });
});

test('editing that begins with what is being saved goes on from it, and keeps it in case it is refused', () => {
  draw('One', 1);
  act(() => draft.setText('Two'));
  draw('Two', 1);
  act(() => draft.begin());
  expect(draft).toMatchObject({ text: 'Two', isDirty: false, base: { version: 1, text: 'Two' } });
  draw('One', 1);
  expect(draft).toMatchObject({ text: 'Two', isDirty: true });
});

test('editing that begins with a text of one’s own keeps its base', () => {
  draw('One', 1);
  act(() => draft.setText('Mine'));
  draw('Theirs', 2);
  act(() => draft.begin());
  expect(draft).toMatchObject({ text: 'Mine', base: { version: 1, text: 'One' } });
});
