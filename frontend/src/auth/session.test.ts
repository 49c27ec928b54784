import { describe, expect, test, vi } from 'vitest';
import { anAnswer, aUser } from '../testing.ts';
import { refreshSession, session, signOut, signUp } from './session.ts';

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

describe('signing up', () => {
  const account = { name: 'Ann', email: 'ann@example.com', password: 'correct horse battery' };
  const entered = () => anAnswer(200, { access_token: 'token', expires_in: 60, user: aUser() });
  const lost = () => Promise.reject(new TypeError('lost'));
  const cut = () => Promise.resolve(new Response('{"acc', { status: 201, headers: { 'Content-Type': 'application/json' } }));
  const foreign = () => Promise.resolve(new Response('<h1>Oops</h1>', { status: 500 }));

  /** What is asked for, and answers to it in turn. */
  function answering(...answers: (() => Promise<Response>)[]) {
    const asked: string[] = [];
    vi.stubGlobal('fetch', (url: string) => {
      asked.push(url.replace('/api/v1/auth/', ''));
      return answers.shift()?.();
    });
    session.set({ phase: 'out', expired: false });
    return asked;
  }

  test.each([lost, cut, foreign, () => anAnswer(409)])('enters the account that was made without an answer', async (first) => {
    const asked = answering(first, entered);
    await signUp(account);
    expect(asked).toEqual(['register', 'login']);
    expect(session.get().phase).toBe('in');
  });

  test('says why there is no account, or that another has the address', async () => {
    answering(lost, () => anAnswer(401));
    await expect(signUp(account)).rejects.toMatchObject({ status: 0 });
    answering(() => anAnswer(409), () => anAnswer(401));
    await expect(signUp(account)).rejects.toMatchObject({ status: 409 });
    const asked = answering(() => anAnswer(422));
    await expect(signUp(account)).rejects.toMatchObject({ status: 422 });
    expect(asked).toEqual(['register']);
  });
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
