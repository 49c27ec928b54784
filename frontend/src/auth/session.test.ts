import { expect, test, vi } from 'vitest';
import { anAnswer, aUser } from '../testing.ts';
import { refreshSession, session, signOut } from './session.ts';

const refused = () => anAnswer(401);

test('something on the way that refuses a renewal doesn’t end the session', async () => {
  for (const status of [401, 403, 404, 200]) {
    vi.stubGlobal('fetch', vi.fn(() => Promise.resolve(new Response('<h1>No</h1>', { status, headers: { 'Content-Type': 'text/html' } }))));
    session.set({ phase: 'in', user: aUser() });
    await expect(refreshSession()).rejects.toMatchObject({ status: 0, foreign: status });
    expect(session.get()).toMatchObject({ phase: 'in' });
  }
});

test('only the server’s own answer signs out', async () => {
  vi.stubGlobal('fetch', vi.fn(() => Promise.resolve(new Response('<h1>Welcome</h1>', { headers: { 'Content-Type': 'text/html' } }))));
  session.set({ phase: 'in', user: aUser() });
  await expect(signOut()).rejects.toMatchObject({ status: 0 });
  expect(session.get()).toMatchObject({ phase: 'in' });
});

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
