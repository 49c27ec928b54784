import { describe, expect, test, vi } from 'vitest';
import { aUser, anAnswer } from '../testing.ts';
import { session } from './session.ts';
import { signUp } from './signUp.ts';

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
