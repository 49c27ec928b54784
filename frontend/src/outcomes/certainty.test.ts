import { expect, test } from 'vitest';

import { ApiProblem } from '../api/problem.ts';
import { certaintyOf } from './certainty.ts';

const of503 = (kind: string, retryAfterMs?: number) =>
  certaintyOf(new ApiProblem({ status: 503, type: `urn:taskhub:problem:${kind}`, retryAfterMs }));

test('a write whose outcome the server does not know may have been saved, whether or not it may be repeated', () => {
  expect(of503('outcome-unknown')).toBe('lost');
  expect(of503('outcome-unknown', 1_000)).toBe('lost');
});

test('what the server could not begin was not saved', () => {
  expect(of503('unavailable')).toBe('later');
  expect(of503('overloaded')).toBe('later');
});

test('a 503 of something in between says nothing', () => {
  expect(certaintyOf(new ApiProblem({ status: 503, type: 'about:blank' }))).toBe('lost');
});
