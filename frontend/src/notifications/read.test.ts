import { QueryClient } from '@tanstack/react-query';
import { expect, test, vi } from 'vitest';
import { aNotification } from '../testing.ts';
import { markRead } from './read.ts';
import { inboxKey, unreadKey } from './unread.ts';

const server = vi.hoisted(() => ({ unread: [] as string[], sent: [] as string[][] }));

vi.mock('../api/client.ts', () => ({
  unwrap: (answer: Promise<unknown>) => answer,
  allPages: (page: (cursor: undefined) => Promise<{ items: object[] }>) => page(undefined).then(({ items }) => items),
  api: {
    GET: () => Promise.resolve({ items: server.unread.map((id) => ({ id })) }),
    POST: (_path: string, { body }: { body: { ids: string[] } }) => {
      server.sent.push(body.ids);
      return Promise.resolve();
    },
  },
}));

function inbox(items: { id: string; task: string }[], isAll: boolean): QueryClient {
  server.sent = [];
  const client = new QueryClient();
  client.setQueryData(unreadKey, { items, isAll });
  const pages = [{ items: items.map(({ id, task }) => aNotification({ id, task_id: task })), next_cursor: null }];
  client.setQueryData([...inboxKey, 'all'], { pages, pageParams: [null] });
  return client;
}

test('marking all as read leaves what came after the newest that is shown', async () => {
  const client = inbox(['3', '2', '1'].map((id) => ({ id, task: id })), true);
  await markRead(client, { upTo: '2' });
  expect(server.sent).toEqual([['2', '1']]);
  expect(client.getQueryData(unreadKey)).toEqual({ items: [{ id: '3', task: '3' }], isAll: true });
  const { pages } = client.getQueryData<{ pages: { items: { id: string; read_at: string | null }[] }[] }>([...inboxKey, 'all']) ?? {};
  expect(pages?.[0]?.items.filter(({ read_at }) => read_at === null).map(({ id }) => id)).toEqual(['3']);
});

test('it reaches those that the page doesn’t hold, as many at once as the server takes', async () => {
  server.unread = Array.from({ length: 250 }, (_, n) => String(999 - n));
  await markRead(inbox([{ id: '999', task: 'a' }], false), { upTo: '998' });
  expect(server.sent.map(({ length }) => length)).toEqual([200, 49]);
  expect(server.sent.flat()).not.toContain('999');
});

test('marking a line as read leaves what came to the same task and isn’t shown', async () => {
  const client = inbox(['3', '2', '1'].map((id) => ({ id, task: 'a' })), true);
  await markRead(client, { ids: ['2', '1'] });
  expect(server.sent).toEqual([['2', '1']]);
  expect(client.getQueryData(unreadKey)).toEqual({ items: [{ id: '3', task: 'a' }], isAll: true });
});
