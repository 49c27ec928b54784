import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ApiProblem, beforeSending, OUTCOME_UNKNOWN } from '../api/problem.ts';
import { session } from '../auth/session.ts';
import { aUser } from '../testing.ts';
import { persist, waitAfter, type Found, type Result, type Write } from './persist.ts';

let online = true;

beforeEach(() => {
  vi.useFakeTimers();
  online = true;
  vi.spyOn(navigator, 'onLine', 'get').mockImplementation(() => online);
  session.set({ phase: 'in', user: aUser() });
});
afterEach(() => vi.useRealTimers());

function go(isOnline: boolean) {
  online = isOnline;
  dispatchEvent(new Event(isOnline ? 'online' : 'offline'));
}

/** Answers one after the other, the last one for ever. */
function answering(...answers: (string | ApiProblem)[]) {
  let next = 0;
  return vi.fn(() => {
    const answer = answers[Math.min(next++, answers.length - 1)] ?? '';
    return typeof answer === 'string' ? Promise.resolve(answer) : Promise.reject(answer);
  });
}

const problem = (status: number, fields: object = {}) => new ApiProblem({ status, ...fields });
const lost = problem(0);

/** Runs the write to its end, however long it waits. */
async function outcome(write: Write<string>): Promise<Result<string>> {
  const result = persist(write);
  await vi.runAllTimersAsync();
  return result;
}

test('what is answered is sent once', async () => {
  const send = answering('made');
  expect(await outcome({ send })).toEqual({ kind: 'saved', value: 'made' });
  expect(send).toHaveBeenCalledTimes(1);
});

test('what is refused is sent once, and known not to be saved', async () => {
  const send = answering(problem(403));
  expect(await outcome({ send })).toMatchObject({ kind: 'refused', problem: { status: 403 } });
  expect(send).toHaveBeenCalledTimes(1);
});

test('a lost answer is asked for again', async () => {
  const send = answering(lost, problem(502), 'made');
  expect(await outcome({ send })).toMatchObject({ kind: 'saved' });
  expect(send).toHaveBeenCalledTimes(3);
});

test('answers that stay lost end as unknown, after a while', async () => {
  const start = Date.now();
  const send = answering(lost);
  const result = await outcome({ send });
  // Who shows the problem alone says the same.
  expect(result).toMatchObject({ kind: 'unknown', problem: { type: OUTCOME_UNKNOWN } });
  expect(send.mock.calls.length).toBeGreaterThan(4);
  expect(Date.now() - start).toBeLessThan(20_000);
});

test('an outcome that the server doesn’t know is unknown, whatever else it says', async () => {
  const send = answering(problem(503, { type: OUTCOME_UNKNOWN, retryAfterMs: 1_000 }));
  expect(await outcome({ send })).toMatchObject({ kind: 'unknown' });
});

test('a busy server is asked again when it says, and nothing is unknown about it', async () => {
  const start = Date.now();
  const send = answering(problem(429, { retryAfterMs: 3_000 }), 'made');
  expect(await outcome({ send })).toMatchObject({ kind: 'saved' });
  expect(Date.now() - start).toBeGreaterThanOrEqual(3_000);
  const never = answering(problem(429, { retryAfterMs: 60_000 }));
  expect(await outcome({ send: never })).toMatchObject({ kind: 'refused', problem: { status: 429 } });
  expect(never).toHaveBeenCalledTimes(1);
});

test('what never left this page is known not to be saved', async () => {
  const send = vi.fn(() => beforeSending(Promise.reject<string>(problem(0))));
  expect(await outcome({ send })).toMatchObject({ kind: 'refused', problem: { status: 0 } });
  expect(send.mock.calls.length).toBeGreaterThan(4);
});

test('after a lost answer a change is looked up before it is sent again', async () => {
  const find = (...found: Found<string>[]) => vi.fn(() => Promise.resolve(found.shift() ?? { kind: 'unsaved' as const }));
  const saved = answering(lost);
  expect(await outcome({ send: saved, check: find({ kind: 'saved', value: 'there' }) })).toMatchObject({ value: 'there' });
  expect(saved).toHaveBeenCalledTimes(1);
  const unsaved = answering(lost, 'now');
  expect(await outcome({ send: unsaved, check: find({ kind: 'unsaved' }) })).toMatchObject({ value: 'now' });
  const other = answering(lost);
  expect(await outcome({ send: other, check: find({ kind: 'overtaken' }) })).toMatchObject({
    kind: 'refused',
    problem: { status: 412 },
  });
  expect(other).toHaveBeenCalledTimes(1);
});

test('a right that is lost after a lost answer says nothing about what was sent', async () => {
  for (const status of [403, 404, 410]) {
    expect(await outcome({ send: answering(lost, problem(status)) })).toMatchObject({ kind: 'unknown' });
    const gone = { send: answering(lost), check: () => Promise.reject(problem(status)) };
    expect(await outcome(gone)).toMatchObject({ kind: 'unknown' });
    const looked = { send: answering(lost, problem(status)), check: () => Promise.resolve({ kind: 'unsaved' as const }) };
    expect(await outcome(looked)).toMatchObject({ kind: 'refused', problem: { status } });
  }
  // What is wrong with the request itself was wrong the first time, too.
  expect(await outcome({ send: answering(lost, problem(422)) })).toMatchObject({ kind: 'refused', problem: { status: 422 } });
});

test('offline, what holds waits and goes out in its order; what doesn’t is given back', async () => {
  go(false);
  const sent: string[] = [];
  const send = (name: string) => () => Promise.resolve(sent.push(name)).then(() => name);
  const waits = vi.fn();
  const held = ['first', 'second', 'third'].map((name) => persist({ send: send(name), holds: true, onWait: waits }));
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(sent).toEqual([]);
  expect(waits).toHaveBeenCalledWith('offline');
  expect(await outcome({ send: send('form') })).toMatchObject({ kind: 'refused', problem: { status: 0 } });
  go(true);
  await Promise.all(held);
  expect(sent).toEqual(['first', 'second', 'third']);
});

test('time offline, in no session or asleep takes nothing of the time for trying again', async () => {
  const sleep = (ms: number) => vi.setSystemTime(Date.now() + ms);
  const offline = async () => {
    go(false);
    await vi.advanceTimersByTimeAsync(60_000);
    go(true);
  };
  const signedOut = async () => {
    session.set({ phase: 'out', expired: true });
    await vi.advanceTimersByTimeAsync(60_000);
    session.set({ phase: 'in', user: aUser() });
  };
  for (const interrupt of [offline, signedOut, () => sleep(3_600_000)]) {
    const send = answering(lost, lost, 'made');
    const result = persist({ send, holds: true });
    await vi.advanceTimersByTimeAsync(10);
    await interrupt();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await result).toMatchObject({ kind: 'saved' });
    expect(send).toHaveBeenCalledTimes(3);
  }
});

test('what was asleep is sent as what has waited: somebody may have changed the same thing', async () => {
  const send = vi.fn((_hasWaited: boolean) => Promise.resolve('made'));
  send.mockImplementationOnce(() => Promise.reject(lost));
  const result = persist({ send, check: () => Promise.resolve({ kind: 'unsaved' }) });
  await vi.advanceTimersByTimeAsync(10);
  vi.setSystemTime(Date.now() + 3_600_000);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(await result).toMatchObject({ kind: 'saved' });
  expect(send.mock.calls).toEqual([[false], [true]]);
});

test('when the session ends, what holds waits for the same person', async () => {
  const send = answering('made');
  send.mockImplementationOnce(() => {
    session.set({ phase: 'out', expired: true });
    return Promise.reject(problem(401));
  });
  const result = persist({ send, holds: true });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(send).toHaveBeenCalledTimes(1);
  session.set({ phase: 'in', user: aUser() });
  expect(await result).toMatchObject({ kind: 'saved' });
});

test('when the session ends between two tries, what doesn’t hold is given back and not sent in the next session', async () => {
  for (const [first, kind] of [[problem(429), 'refused'], [lost, 'unknown']] as const) {
    session.set({ phase: 'in', user: aUser() });
    const send = answering(first, 'made');
    const result = persist({ send });
    await vi.advanceTimersByTimeAsync(50);
    session.set({ phase: 'out', expired: true });
    session.set({ phase: 'in', user: aUser() });
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await result).toMatchObject({ kind });
    expect(send).toHaveBeenCalledTimes(1);
  }
});

test('nothing is sent for somebody else, or after signing out', async () => {
  go(false);
  const send = answering('made');
  const [first, second] = [persist({ send, holds: true }), persist({ send, holds: true })];
  session.set({ phase: 'in', user: aUser({ id: 'bob' }) });
  expect(await first).toMatchObject({ kind: 'gone' });
  expect(await second).toMatchObject({ kind: 'gone' });
  session.set({ phase: 'in', user: aUser() });
  const third = persist({ send, holds: true });
  session.set({ phase: 'out', expired: false });
  expect(await third).toMatchObject({ kind: 'gone' });
  expect(send).not.toHaveBeenCalled();
});

test('an answer that comes after its author has gone is for nobody else', async () => {
  for (const answer of ['made', problem(403)]) {
    session.set({ phase: 'in', user: aUser() });
    const send = answering(answer);
    const result = persist({ send });
    session.set({ phase: 'in', user: aUser({ id: 'bob' }) });
    expect(await result).toMatchObject({ kind: 'gone' });
    expect(send).toHaveBeenCalledTimes(1);
  }
});

test('a retry isn’t sent as somebody else', async () => {
  const send = answering(lost);
  const result = persist({ send });
  await vi.advanceTimersByTimeAsync(50);
  session.set({ phase: 'in', user: aUser({ id: 'bob' }) });
  await vi.advanceTimersByTimeAsync(30_000);
  expect(await result).toMatchObject({ kind: 'gone' });
  expect(send).toHaveBeenCalledTimes(1);
});

test('waits double, with jitter, up to a bound', () => {
  expect(waitAfter(0, 0)).toBe(200);
  expect(waitAfter(1, 1)).toBe(800);
  expect(waitAfter(20, 1)).toBe(4_000);
});
