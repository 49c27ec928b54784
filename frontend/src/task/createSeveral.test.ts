import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { session } from '../auth/session.ts';
import { getDraft, setDraft } from '../drafts/drafts.ts';
import { unsavedWork } from '../drafts/unsaved.ts';
import { anAnswer, aTask, aUser } from '../testing.ts';
import { toasts } from '../ui/toasts.ts';
import { actionsOn } from './actions.ts';
import { createSeveral } from './createSeveral.ts';

const authorisedFetch = vi.hoisted(() => vi.fn<(request: Request) => Promise<Response>>());
vi.mock('../api/client.ts', async (original) => ({ ...(await original<object>()), authorisedFetch }));

const scope = 'quick-lines:ops:pending';
const titles = Array.from({ length: 10 }, (_, n) => `Line ${n}`);
const tasks = titles.map((title) => ({ title }));
const sent = () => Promise.all(authorisedFetch.mock.calls.map(([request]) => request.clone().json() as Promise<{ title: string }>));

beforeEach(() => {
  vi.useFakeTimers();
  session.set({ phase: 'in', user: aUser() });
  setDraft(scope, undefined);
  setDraft('new-task:ops', undefined);
  toasts.set([]);
  authorisedFetch.mockReset();
});
afterEach(() => vi.useRealTimers());

test('pasted lines that aren’t created go back, in their order, and one message says so', async () => {
  let number = 0;
  authorisedFetch.mockImplementation(() => (++number <= 4 ? anAnswer(201, aTask({ number })) : anAnswer(403, {})));
  const { create } = actionsOn(new QueryClient(), 'ops');
  await createSeveral(create, scope, tasks);
  expect(getDraft(scope)?.text).toBe(titles.slice(0, 6).join('\n'));
  expect(unsavedWork().texts).toEqual([titles.slice(0, 6).join('\n')]);
  expect(toasts.get().filter(({ kind }) => kind === 'error')).toMatchObject([
    { text: '6 of 10 tasks weren’t created. Their lines are back where you pasted them.', stays: true },
  ]);
  authorisedFetch.mockReset().mockImplementation(() => anAnswer(201, aTask({ number: ++number })));
  toasts.get().find(({ kind }) => kind === 'error')?.actions?.[0]?.run();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await sent()).toEqual(tasks.slice(0, 6).toReversed());
  expect(getDraft(scope)).toBeUndefined();
});

test('pasted lines without an answer are sent again under their keys', async () => {
  authorisedFetch.mockRejectedValue(new TypeError('lost'));
  const { create } = actionsOn(new QueryClient(), 'ops');
  const all = createSeveral(create, scope, tasks.slice(0, 2));
  await vi.advanceTimersByTimeAsync(60_000);
  await all;
  expect(getDraft(scope)?.text).toBe('Line 0\nLine 1');
  const keys = () => new Set(authorisedFetch.mock.calls.map(([request]) => request.headers.get('Idempotency-Key')));
  const before = keys();
  authorisedFetch.mockReset().mockImplementation(() => anAnswer(201, aTask()));
  setDraft(scope, undefined);
  await createSeveral(create, scope, tasks.slice(0, 2));
  expect(keys()).toEqual(before);
  expect(getDraft(scope)).toBeUndefined();
});

test('lines without an answer are sent again as they were, whatever has been chosen in the dialog since', async () => {
  const twice = [{ title: 'Milk', labels: ['shop'] }, { title: 'Milk', labels: ['shop'] }, { title: 'Bread', labels: ['shop'] }];
  authorisedFetch.mockRejectedValue(new TypeError('lost'));
  const { create } = actionsOn(new QueryClient(), 'ops');
  const all = createSeveral(create, scope, twice);
  await vi.advanceTimersByTimeAsync(60_000);
  await all;
  const keyed = async () =>
    new Set(
      await Promise.all(
        authorisedFetch.mock.calls.map(async ([request]) => `${request.headers.get('Idempotency-Key')} ${await request.clone().text()}`),
      ),
    );
  const before = await keyed();
  expect(before.size).toBe(3);
  authorisedFetch.mockReset().mockImplementation(() => anAnswer(201, aTask()));
  setDraft(scope, undefined);
  await createSeveral(create, scope, twice.map(({ title }) => ({ title, labels: [] })));
  expect(await keyed()).toEqual(before);
  authorisedFetch.mockClear();
  // Their outcome is known now: the same once more is another one.
  await createSeveral(create, scope, [{ title: 'Milk', labels: [] }]);
  expect(await sent()).toEqual([{ title: 'Milk', labels: [] }]);
});

test('what was chosen for lines that are refused goes back to their form, and away when they are sent again', async () => {
  const form = { scope: 'new-task:ops', draft: { text: '', extra: { labels: ['shop'], status: 'blocked' } } };
  const lines = tasks.slice(0, 2).map(({ title }) => ({ title, labels: ['shop'], status: 'blocked' as const }));
  authorisedFetch.mockImplementation(() => anAnswer(403, {}));
  const { create } = actionsOn(new QueryClient(), 'ops');
  await createSeveral(create, scope, lines, form);
  expect(getDraft(scope)?.text).toBe('Line 0\nLine 1');
  expect(getDraft(form.scope)).toEqual(form.draft);
  authorisedFetch.mockReset().mockImplementation(() => anAnswer(201, aTask()));
  toasts.get().find(({ kind }) => kind === 'error')?.actions?.[0]?.run();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await sent()).toEqual(lines.toReversed());
  expect(getDraft(form.scope)).toBeUndefined();
});

test('what has been begun in the form meanwhile stays', async () => {
  const form = { scope: 'new-task:ops', draft: { text: '', extra: { labels: ['shop'] } } };
  authorisedFetch.mockImplementation(() => anAnswer(403, {}));
  const all = createSeveral(actionsOn(new QueryClient(), 'ops').create, scope, tasks.slice(0, 1), form);
  setDraft(form.scope, { text: 'Another' });
  await all;
  expect(getDraft(form.scope)).toEqual({ text: 'Another' });
});
