import { expect, test } from 'vitest';
import { certaintyOf } from '../outcomes/certainty.ts';
import { explain } from '../ui/explain.ts';
import { ignoreGone, isDone, problemOf } from './problem.ts';

const FOREIGN = [
  new Response('404 page not found\n', { status: 404 }),
  new Response('<h1>Forbidden</h1>', { status: 403 }),
  new Response('no', { status: 401 }),
  new Response('{"type": "about:blank"}', { status: 409 }),
  new Response('null', { status: 410 }),
  new Response('slow down', { status: 429, headers: { 'Retry-After': '1' } }),
  ...[499, 500, 501, 503, 507, 520, 524].map((status) => new Response('<h1>error</h1>', { status })),
];

test('a refusal that isn’t TaskHub’s leaves open what TaskHub did, and is explained as what it is', async () => {
  for (const response of FOREIGN) {
    const { status } = response;
    const body: unknown = await response.clone().json().catch(() => response.text());
    const problem = problemOf(body, response);
    expect(certaintyOf(problem)).toBe('lost');
    expect(() => ignoreGone(problem)).toThrow(problem);
    expect(explain(problem)).toContain(`(HTTP ${status})`);
  }
});

test('TaskHub’s refusals are known by their type', () => {
  const type = 'urn:taskhub:problem:not-found';
  const problem = problemOf({ type, status: 404 }, new Response(null, { status: 404 }));
  expect(problem).toMatchObject({ status: 404, type });
  expect(certaintyOf(problem)).toBe('refused');
  expect(() => ignoreGone(problem)).not.toThrow();
});

test('nothing but TaskHub’s own answer says that something is done', () => {
  const answer = (status: number, body: string | null, headers: Record<string, string>) => isDone(new Response(body, { status, headers }));
  expect(answer(200, '{}', { 'Content-Type': 'application/json' })).toBe(true);
  expect(answer(204, null, { 'X-Request-Id': '1' })).toBe(true);
  expect(answer(200, '<html>', { 'Content-Type': 'text/html', 'X-Request-Id': '1' })).toBe(false);
  expect(answer(200, '', {})).toBe(false);
  expect(answer(204, null, {})).toBe(false);
  expect(answer(500, '{}', { 'Content-Type': 'application/json' })).toBe(false);
});
