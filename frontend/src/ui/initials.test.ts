import { expect, test } from 'vitest';
import { initials } from './Avatar.tsx';

test.each([
  ['Ann Lee', 'AL'],
  ['Ann', 'AN'],
  ['דנה (כהן)', 'דכ'],
  ['“Al” O’Hara', 'AO'],
  ['J. R. (Bob) Ewing –', 'JE'],
  ['’t Hooft', 'TH'],
  ['X', 'X'],
  ['Mateo Núñez (former)', 'MN'],
  ['Ann (former)', 'AN'],
  ['3M 🦊', '3🦊'],
  ['Alex Kim (alex@example.org)', 'AK'],
  ['Alex Kim (former) (alex@example.org)', 'AK'],
  ['Zoë 2nd', 'Z2'],
  ['???', '?'],
])('%s → %s', (name, letters) => expect(initials(name)).toBe(letters));
