import { expect, test, vi } from 'vitest';
import { aUser } from '../testing.ts';
import { refreshSession, session } from './session.ts';

const refused = () => Promise.resolve(new Response('{}', { status: 401 }));

test('a refused renewal ends the session, but doesn’t change how one has ended', async () => {
  vi.stubGlobal('fetch', vi.fn(refused));
  session.set({ phase: 'in', user: aUser() });
  await expect(refreshSession()).rejects.toMatchObject({ status: 401 });
  expect(session.get()).toMatchObject({ phase: 'out', expired: true });
  // Signed out in another tab while a renewal was under way.
  session.set({ phase: 'out', expired: false, elsewhere: true });
  await expect(refreshSession()).rejects.toMatchObject({ status: 401 });
  expect(session.get()).toMatchObject({ phase: 'out', expired: false, elsewhere: true });
  session.set({ phase: 'starting', unreachable: false });
  await expect(refreshSession()).rejects.toMatchObject({ status: 401 });
  expect(session.get()).toMatchObject({ phase: 'out', expired: false });
});
