/** Keys of teams, which stand before the numbers of their tasks: `OPS-42`. */
import { t } from '../i18n/index.ts';

export const KEY_MAX = 16;
const SHORT = 3;
const MOST_WORDS = 4;

/** Latin letters for Greek and Cyrillic ones, as passports write them. */
const LATIN: Readonly<Record<string, string>> = {
  ...pairs('абвгдеёзийклмнопрстуфцыэіїґє', 'abvgdeeziiklmnoprstufcyeiige'),
  ...pairs('αβγδεζηικλμνξοπρστυφως', 'avgdeziiklmnxoprstyfos'),
  ж: 'zh', х: 'kh', ч: 'ch', ш: 'sh', щ: 'shch', ю: 'iu', я: 'ia', ь: '', ъ: '',
  θ: 'th', χ: 'ch', ψ: 'ps',
  ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i',
};

function pairs(from: string, to: string): Record<string, string> {
  return Object.fromEntries(Array.from(from, (letter, n) => [letter, to.charAt(n)]));
}

/** The letters a to z and digits of a word. */
function plain(word: string): string {
  const letters = word.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '');
  return Array.from(letters, (letter) => LATIN[letter] ?? letter)
    .join('')
    .replace(/[^a-z0-9]/g, '');
}

/**
 * A short key for a team of this name, in capitals: the first letters of its words, or the beginning of its only one.
 * Empty when the name has nothing that a key may hold.
 */
export function suggestKey(name: string): string {
  const words = name
    .normalize('NFC')
    .split(/[\s\p{P}\p{S}]+/u)
    .map(plain)
    .filter((word) => word !== '');
  const initials = words.slice(0, MOST_WORDS).map((word) => word.charAt(0)).join('');
  const key = (words.length > 1 ? initials : (words[0] ?? '').slice(0, SHORT)).replace(/^[0-9]+/, '');
  if (key.length >= 2) return key.toUpperCase();
  const all = words.join('').replace(/^[0-9]+/, '').slice(0, SHORT);
  return all.length >= 2 ? all.toUpperCase() : '';
}

/** Another key to try when this one is taken: OPS, OPS2, OPS3 … */
export function nextKey(key: string): string {
  const [, stem = key, digits = ''] = /^(.*?)([0-9]*)$/.exec(key) ?? [];
  const next = String(digits === '' ? 2 : Number(digits) + 1);
  return stem.slice(0, KEY_MAX - next.length) + next;
}

/** What is wrong with a key as it is typed; undefined if nothing is. */
export function keyProblem(key: string): string | undefined {
  if (key === '') return t('teamKey.blank');
  if (/[^A-Za-z0-9]/.test(key)) return t('teamKey.letters');
  if (/^[0-9]/.test(key)) return t('teamKey.begins');
  if (key.length < 2) return t('teamKey.short');
  return key.length > KEY_MAX ? t('teamKey.long', { most: KEY_MAX }) : undefined;
}
