import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { session } from '../auth/session.ts';
import { drafts, getDraft, setDraft } from '../drafts/drafts.ts';
import { unsavedWork } from '../drafts/unsaved.ts';
import { anAnswer, aUser } from '../testing.ts';
import { toast, toasts } from '../ui/toasts.ts';
import { create } from './create.ts';
import { leftOver } from './unsent.ts';

const authorisedFetch = vi.hoisted(() => vi.fn<(request: Request) => Promise<Response>>());
vi.mock('../api/client.ts', () => ({ authorisedFetch }));

const path = '/api/v1/teams/ops/tasks';
const from = { scope: 'quick:ops:pending', draft: { text: 'Buy milk' } };
const making = { path, body: { title: 'Buy milk' }, what: '“Buy milk”', from };
const keys = () => authorisedFetch.mock.calls.map(([request]) => request.headers.get('Idempotency-Key'));

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  session.set({ phase: 'out', expired: false });
  session.set({ phase: 'in', user: aUser() });
  toasts.set([]);
  authorisedFetch.mockReset();
});
afterEach(() => vi.useRealTimers());

async function ended<T>(promise: Promise<T>): Promise<T> {
  await vi.advanceTimersByTimeAsync(30_000);
  return promise;
}

test('retries carry the same key, and leave nothing behind', async () => {
  authorisedFetch.mockRejectedValueOnce(new TypeError('lost')).mockImplementation(() => anAnswer(201, { id: '1' }));
  expect(await ended(create(making))).toEqual({ kind: 'saved', value: { id: '1' } });
  expect(new Set(keys()).size).toBe(1);
  expect(keys()).toHaveLength(2);
  expect(drafts.get().size).toBe(0);
});

test('an answer that breaks off is a lost one', async () => {
  authorisedFetch.mockResolvedValueOnce(new Response('{"id": ', { status: 201 })).mockImplementation(() => anAnswer(201, { id: '1' }));
  expect(await ended(create(making))).toEqual({ kind: 'saved', value: { id: '1' } });
  expect(new Set(keys()).size).toBe(1);
});

test('without an answer the text is given back, and the same text keeps its key', async () => {
  authorisedFetch.mockRejectedValue(new TypeError('lost'));
  expect(await ended(create(making))).toMatchObject({ kind: 'unknown' });
  expect(getDraft(from.scope)?.text).toBe('Buy milk');
  expect(toasts.get()).toMatchObject([{ kind: 'unknown', text: 'No answer about “Buy milk”' }]);
  const [first] = keys();
  authorisedFetch.mockReset().mockImplementation(() => anAnswer(201, { id: '1' }));
  const draft = getDraft(from.scope) ?? from.draft;
  setDraft(from.scope, undefined);
  await ended(create({ ...making, from: { ...from, draft } }));
  expect(keys()).toEqual([first]);
  await ended(create({ ...making, from: { ...from, draft } }));
  expect(keys()[1]).not.toBe(first);
});

test('an equal text that is written anew, after the first was discarded, is another one', async () => {
  authorisedFetch.mockRejectedValue(new TypeError('lost'));
  await ended(create(making));
  const [first] = keys();
  authorisedFetch.mockReset().mockImplementation(() => anAnswer(201, { id: '2' }));
  setDraft(from.scope, undefined);
  await ended(create(making));
  expect(keys()).toHaveLength(1);
  expect(keys()).not.toContain(first);
});

test('“Try again” keeps the key of a text that couldn’t be given back', async () => {
  authorisedFetch.mockRejectedValue(new TypeError('lost'));
  const result = create(making);
  setDraft(from.scope, { text: 'The next one' });
  await ended(result);
  const [first] = keys();
  authorisedFetch.mockReset().mockImplementation(() => anAnswer(201, { id: '1' }));
  toasts.get()[0]?.actions?.[0]?.run();
  await vi.advanceTimersByTimeAsync(100);
  expect(keys()).toEqual([first]);
  expect(getDraft(from.scope)?.text).toBe('The next one');
});

test('“Try again” takes the text out of its field when it is saved', async () => {
  authorisedFetch.mockRejectedValue(new TypeError('lost'));
  await ended(create(making));
  authorisedFetch.mockReset().mockImplementation(() => anAnswer(201, { id: '1' }));
  toasts.get()[0]?.actions?.[0]?.run();
  await vi.advanceTimersByTimeAsync(100);
  expect(getDraft(from.scope)).toBeUndefined();
});

test('a refusal says the field’s own message, gives the text back, and forgets the key', async () => {
  const problem = { errors: [{ pointer: '/title', detail: 'must not be blank' }] };
  authorisedFetch.mockImplementation(() => anAnswer(422, problem));
  expect(await create(making)).toMatchObject({ kind: 'refused' });
  expect(toasts.get()).toMatchObject([{ text: 'Couldn’t create “Buy milk”', detail: 'Title: must not be blank.' }]);
  expect([...drafts.get().keys()]).toEqual([from.scope]);
});

test('a text that can’t be given back can be copied from the message', async () => {
  setDraft(from.scope, { text: 'The next one' });
  authorisedFetch.mockImplementation(() => anAnswer(403, {}));
  await ended(create(making));
  expect(getDraft(from.scope)?.text).toBe('The next one');
  expect(toasts.get()[0]?.actions?.map(({ label }) => label)).toEqual(['Copy the text']);
});

test('what is on its way when the page is left is sent again later, by this page only once', async () => {
  authorisedFetch.mockReturnValue(new Promise(() => undefined));
  void create({ ...making, kind: 'task' });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(leftOver()).toEqual([]);
  const [kept] = [...drafts.get()].filter(([scope]) => scope.startsWith('unsent:'));
  const extra = { ...(kept?.[1].extra as object), key: 'another page’s' };
  setDraft('unsent:another', { text: 'x', extra });
  expect(leftOver()).toMatchObject([{ key: 'another page’s', path, body: { title: 'Buy milk' }, kind: 'task' }]);
});

test('a text never reaches the next person, and goes on when its author is back', async () => {
  authorisedFetch.mockImplementation(() => {
    session.set({ phase: 'out', expired: true });
    return anAnswer(401, {});
  });
  const result = create({ ...making, holds: true });
  await vi.advanceTimersByTimeAsync(1_000);
  session.set({ phase: 'in', user: aUser({ id: 'bob' }) });
  expect(await result).toMatchObject({ kind: 'gone' });
  expect(drafts.get().size).toBe(0);
  expect(toasts.get()).toEqual([]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(Object.keys(localStorage).filter((key) => key.includes('.bob.'))).toEqual([]);
  session.set({ phase: 'out', expired: true });
  session.set({ phase: 'in', user: aUser() });
  expect(leftOver()).toMatchObject([{ key: keys()[0], body: { title: 'Buy milk' } }]);
});

test('the message with the only copy of a text outlasts the next text from the same field', async () => {
  const scope = 'comment:1';
  const send = (body: string, extra?: object) =>
    create({ path, body: { body }, what: 'your comment', from: { scope, draft: { text: body, ...(extra && { extra }) } } });
  authorisedFetch.mockImplementationOnce(() => anAnswer(403, {})).mockImplementation(() => anAnswer(201, { id: '2' }));
  const first = send('First', { description: 'And more' });
  setDraft(scope, { text: 'Second' });
  await ended(first);
  expect(unsavedWork().texts).toEqual(['Second', 'First\n\nAnd more']);
  setDraft(scope, undefined);
  await ended(send('Second'));
  expect(toasts.get()).toMatchObject([{ text: 'Couldn’t create your comment', holds: 'First\n\nAnd more' }]);
  for (const n of [1, 2, 3, 4, 5]) toast({ kind: 'error', text: `${n}` });
  await ended(Promise.resolve());
  expect(toasts.get()).toMatchObject([{ holds: 'First\n\nAnd more' }]);
});

test('a text that was given back, and is sent again with a change, leaves no message that would make it twice', async () => {
  authorisedFetch.mockImplementation(() => anAnswer(500));
  await ended(create(making));
  expect(toasts.get()).toHaveLength(1);
  authorisedFetch.mockImplementation(() => anAnswer(201, { id: '1' }));
  await ended(create({ ...making, body: { title: 'Buy more milk' }, from: { ...from, draft: { text: 'Buy more milk' } } }));
  expect(toasts.get()).toEqual([]);
});
