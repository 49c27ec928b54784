import { describe, expect, it } from 'vitest';
import { keyProblem, nextKey, suggestKey } from './teamKey.ts';

describe('a key for a team', () => {
  it.each([
    ['Operations', 'OPE'],
    ['Launch crew', 'LC'],
    ['Research & Development', 'RD'],
    ['The very best of all teams', 'TVBO'],
    ['Öffentlichkeitsarbeit', 'OFF'],
    ['Équipe web', 'EW'],
    ['Страница', 'STR'],
    ['Ομάδα ανάπτυξης', 'OA'],
    ['24/7 support', 'SUP'],
    ['3D', ''],
    ['X', ''],
    ['営業部', ''],
    ['🚀 Rockets', 'ROC'],
    ['', ''],
  ])('of %j is %j', (name, key) => {
    expect(suggestKey(name)).toBe(key);
    if (key !== '') expect(keyProblem(key)).toBeUndefined();
  });

  it.each([
    ['OPS', 'OPS2'],
    ['OPS9', 'OPS10'],
    ['ABCDEFGHIJKLMNOP', 'ABCDEFGHIJKLMNO2'],
  ])('after %s is %s', (key, next) => {
    expect(nextKey(key)).toBe(next);
  });

  it.each([
    ['OPS', undefined],
    ['ops2', undefined],
    ['', 'Enter a key, such as OPS.'],
    ['O', 'Use at least 2 characters.'],
    ['2OPS', 'Begin with a letter.'],
    ['OP-S', 'Use only the letters A to Z and digits.'],
    ['ABCDEFGHIJKLMNOPQ', 'Use at most 16 characters.'],
  ])('is checked: %j', (key, problem) => {
    expect(keyProblem(key)).toBe(problem);
  });
});
