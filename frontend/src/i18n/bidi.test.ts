import { expect, it } from 'vitest';
import { isolated, listed } from './bidi.ts';
import { t } from './index.ts';

it('isolates what is written from right to left, and nothing else', () => {
  expect(isolated('דנה')).toBe('\u2068דנה\u2069');
  expect(isolated('Łucja 7 漢')).toBe('Łucja 7 漢');
  expect(listed(['דנה', 'Ann'])).toBe('\u2068דנה\u2069, Ann');
});

it('isolates every name that a sentence of the catalogue is given', () => {
  expect(t('team.removed', { name: 'دانا', team: 'Ops & <Co>' })).toBe('\u2068دانا\u2069 removed from Ops & <Co>');
});
