import { describe, expect, it } from 'vitest';
import { emailProblem, lineProblem, nameProblem, passwordProblem } from './rules.ts';

describe('a name', () => {
  it('counts characters as the server does', () => {
    expect(nameProblem('😀'.repeat(100))).toBeUndefined();
    expect(nameProblem('😀'.repeat(101))).toContain('101');
  });

  it.each(['', '   ', '\u200b\u2060', '\u3164', '\u2800', '\u115f', '\u{e0041}'])('must not be blank: %j', (name) => {
    expect(nameProblem(name)).toBe('Enter your name.');
  });

  it('is one line', () => {
    for (const end of ['\n', '\u2028', '\u2029', '\u0085']) {
      expect(lineProblem(`a${end}b`, 50, 'blank')).toBe('Use one line of text.');
    }
  });

  it('keeps its direction', () => {
    for (const control of ['\u202e', '\u2066', '\u200f']) {
      expect(lineProblem(`a${control}b`, 50, 'blank')).toBe('Remove the invisible characters that change the direction of text.');
    }
    expect(lineProblem('שלום', 50, 'blank')).toBeUndefined();
  });

  it('is counted composed', () => {
    expect(nameProblem('u\u0308'.repeat(100))).toBeUndefined();
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
  ['u\u0308'.repeat(5), 'Use at least 10 characters. This has 5.'],
  ['correct\u00a0horse', undefined],
  ['tab\tbed pass', 'Leave out tabs and other control characters.'],
  ['ü'.repeat(129), 'This password is too long. Use at most 256 bytes, which is 256 letters a to z.'],
])('a password: %j', (password, problem) => {
  expect(passwordProblem(password)).toBe(problem);
});
