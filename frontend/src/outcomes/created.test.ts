import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { session } from '../auth/session.ts';
import { aTask, aUser } from '../testing.ts';
import { toast, toasts } from '../ui/toasts.ts';
import { noteOwnChange, taskCreated } from './created.ts';

const fetched = vi.hoisted(() => vi.fn<(request: Request) => Promise<Response>>());
vi.mock('../api/client.ts', async (original) => {
  const { default: createClient } = await import('openapi-fetch');
  return { ...(await original<object>()), api: createClient({ baseUrl: 'http://localhost', fetch: fetched }) };
});
const gone = () => Promise.resolve(new Response('{"status": 404}', { status: 404 }));

beforeEach(() => {
  vi.useFakeTimers();
  session.set({ phase: 'in', user: aUser() });
  toasts.set([]);
  fetched.mockReset();
});
afterEach(() => vi.useRealTimers());

async function undo(): Promise<void> {
  toasts.get()[0]?.actions?.find(({ label }) => label === 'Undo')?.run();
  await vi.advanceTimersByTimeAsync(10_000);
}

test('Undo deletes a task that was made, also after one’s own changes, but not over somebody else’s', async () => {
  const task = aTask({ version: 1 });
  fetched.mockImplementation(() => Promise.resolve(new Response(null, { status: 204 })));
  const sent = () => fetched.mock.lastCall?.[0].headers.get('If-Match');
  toast({ kind: 'done', ...taskCreated('ops', task) });
  noteOwnChange({ ...task, version: 2 });
  noteOwnChange({ ...task, version: 3 });
  await undo();
  expect(sent()).toBe('"3"');
  toasts.set([]);
  toast({ kind: 'done', ...taskCreated('ops', task) });
  noteOwnChange({ ...task, version: 3 });
  await undo();
  expect(sent()).toBe('"1"');
});

test('an Undo whose answer was lost has deleted the task', async () => {
  fetched.mockRejectedValueOnce(new TypeError('lost')).mockImplementation(gone);
  toast({ kind: 'done', ...taskCreated('ops', aTask()) });
  await undo();
  expect(fetched).toHaveBeenCalledTimes(2);
  expect(toasts.get().filter(({ kind }) => kind !== 'done')).toEqual([]);
});
