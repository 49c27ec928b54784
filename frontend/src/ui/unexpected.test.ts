import { beforeEach, expect, test } from 'vitest';
import { ApiProblem } from '../api/problem.ts';
import { toasts } from './toasts.ts';
import { watchUnexpected } from './unexpected.ts';

watchUnexpected();
beforeEach(() => toasts.set([]));

function reject(reason: unknown) {
  dispatchEvent(Object.assign(new Event('unhandledrejection'), { reason }));
}

test('a promise that nobody heard is shown, once', () => {
  reject(new TypeError('x is not a function'));
  reject(new TypeError('x is not a function'));
  expect(toasts.get()).toMatchObject([{ kind: 'error', text: 'Something in the page failed' }]);
  expect(toasts.get()[0]?.text).not.toContain('x is not');
});

test('a refusal that nobody heard is explained', () => {
  reject(new ApiProblem({ status: 403 }));
  expect(toasts.get()).toMatchObject([{ detail: 'Your role doesn’t allow this. Ask an owner or admin of the team.' }]);
});

test('what was cancelled is no failure', () => {
  reject(new DOMException('cancelled', 'AbortError'));
  dispatchEvent(new ErrorEvent('error', { message: 'ResizeObserver loop completed' }));
  expect(toasts.get()).toEqual([]);
});
