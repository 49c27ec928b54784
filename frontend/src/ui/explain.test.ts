import { expect, test } from 'vitest';
import { ApiProblem, OUTCOME_UNKNOWN } from '../api/problem.ts';
import { explain, explainFailure } from './explain.ts';

test('what may have been saved isn’t said to have failed', () => {
  const failed = (reason: string) => `Not saved. ${reason}`;
  expect(explainFailure(new ApiProblem({ status: 403 }), failed)).toMatch(/^Not saved\. Your role/);
  expect(explainFailure(new ApiProblem({ status: 0, type: OUTCOME_UNKNOWN }), failed)).toMatch(/^The change may or may not have been saved/);
});

test('a field that is named as a member of every object isn’t taken for a text', () => {
  const errors = [{ pointer: '/constructor', detail: 'is unknown' }];
  expect(explain(new ApiProblem({ status: 422, errors }))).toMatch(/constructor.*: is unknown/);
});

test.each([
  ['/body', 'must have at most 32768 bytes; it has 69999', '37,231 characters too many. Shorten the text to save it.'],
  ['/title', 'must have at most 255 characters; it has 256', '1 character too many. Shorten the text to save it.'],
  ['/assignees', 'must have at most 50 users; it has 51', 'Assignees: must have at most 50 users; it has 51.'],
  ['', 'is not valid', 'is not valid'],
])('says what is wrong with %s: %s', (pointer, detail, said) => {
  expect(explain(new ApiProblem({ status: 422, errors: [{ pointer, detail }] }))).toBe(said);
});
