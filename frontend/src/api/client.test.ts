import { beforeEach, expect, test, vi } from 'vitest';
import { session } from '../auth/session.ts';
import { certaintyOf } from '../outcomes/certainty.ts';
import { anAnswer, aUser } from '../testing.ts';
import { authorisedFetch } from './client.ts';
import { asProblem } from './problem.ts';

const fetched = vi.fn<(to: string | Request) => Promise<Response>>();
vi.stubGlobal('fetch', fetched);

const write = () => new Request('http://taskhub.test/api/v1/teams', { method: 'POST', body: '{}' });
const renewed = (id: string) => anAnswer(200, { access_token: 'new', expires_in: 0, user: aUser({ id }) });
const isRenewal = (to: string | Request) => typeof to === 'string';
const writes = () => fetched.mock.calls.filter(([to]) => !isRenewal(to)).length;
const problemOf = (call: Promise<Response>) => call.then(() => undefined, asProblem);

beforeEach(() => {
  fetched.mockReset();
  session.set({ phase: 'in', user: aUser({ id: 'ann' }) });
});

test('what isn’t sent because no token comes is known not to be saved', async () => {
  fetched.mockImplementation(() => Promise.reject(new TypeError('lost')));
  const problem = await problemOf(authorisedFetch(write()));
  expect(problem).toMatchObject({ status: 0, isSent: false });
  expect(problem && certaintyOf(problem)).toBe('later');
  expect(writes()).toBe(0);
});

test('nor is what was refused for its token, when no new one comes', async () => {
  fetched.mockImplementationOnce(() => renewed('ann')).mockImplementationOnce(() => anAnswer(401)).mockImplementation(() => anAnswer(502));
  const problem = await problemOf(authorisedFetch(write()));
  expect(problem && certaintyOf(problem)).toBe('later');
  expect(writes()).toBe(1);
});

test('an answer that is lost is lost', async () => {
  fetched.mockImplementation((to) => (isRenewal(to) ? renewed('ann') : Promise.reject(new TypeError('lost'))));
  const problem = await problemOf(authorisedFetch(write()));
  expect(problem && certaintyOf(problem)).toBe('lost');
});

test('nothing is sent with the token of somebody else who has signed in in another tab', async () => {
  fetched.mockImplementation((to) => (isRenewal(to) ? renewed('bob') : anAnswer(201)));
  expect(await problemOf(authorisedFetch(write()))).toMatchObject({ status: 401 });
  expect(writes()).toBe(0);
});
