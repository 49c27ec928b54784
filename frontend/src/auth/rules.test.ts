import { describe, expect, it } from 'vitest';
import { emailProblem, lineProblem, nameProblem, passwordProblem } from './rules.ts';

describe('a name', () => {
  it('counts characters as the server does', () => {
    expect(nameProblem('😀'.repeat(100))).toBeUndefined();
    expect(nameProblem('😀'.repeat(101))).toContain('101');
  });

  it.each(['', '   ', '\u200b\u2060'])('must not be blank: %j', (name) => {
    expect(nameProblem(name)).toBe('Enter your name.');
  });

  it('is one line', () => {
    expect(lineProblem('a\nb', 50, 'blank')).toBe('Use one line of text.');
  });
});

it.each([
  ['ann@example.com', undefined],
  [' Ann+tasks@Example.com ', undefined],
  ['ann@localhost', undefined],
  ['', 'Enter an email address.'],
  ['ann', 'An email address contains an @, as in ann@example.com.'],
  ['ann@', 'Enter a complete email address, as in ann@example.com.'],
  ['ann@exa mple.com', 'Enter a complete email address, as in ann@example.com.'],
  [`${'a'.repeat(65)}@example.com`, 'Enter a complete email address, as in ann@example.com.'],
])('an email address: %j', (email, problem) => {
  expect(emailProblem(email)).toBe(problem);
});

it.each([
  ['üüüüüüüüüü', undefined],
  ['short', 'Use at least 10 characters. This has 5.'],
  ['', 'Enter a password of at least 10 characters.'],
  ['ü'.repeat(129), 'This password is too long. Use at most 256 bytes, which is 256 letters a to z.'],
])('a password: %j', (password, problem) => {
  expect(passwordProblem(password)).toBe(problem);
});
