/** How the page and the server compare text: without regard to case, accents, composition and width. */

/**
 * Accents, points of Hebrew and Arabic, and the other marks that people leave out when they search; `fold` in the server's
 * `domain` has the same. Signs that make another syllable, as in Devanagari, Thai and Japanese, aren't among them.
 */
const MARKS = new RegExp(
  [
    '[\\u0300-\\u036f]|[\\u0483-\\u0489]|[\\u0591-\\u05bd\\u05bf\\u05c1\\u05c2\\u05c4\\u05c5\\u05c7]|[\\u0610-\\u061a\\u064b-\\u065f\\u0670]',
    '[\\u1ab0-\\u1aff]|[\\u1dc0-\\u1dff]|[\\u20d0-\\u20ff]|[\\ufe00-\\ufe0f]|[\\ufe20-\\ufe2f]',
  ].join('|'),
  'g',
);

/** NFKD without marks, in lower case, each sigma alike; the server's search compares the same form. */
export function fold(text: string): string {
  return text.normalize('NFKD').replace(MARKS, '').toLowerCase().replaceAll('ς', 'σ');
}

/** The words of a search, folded. */
export function wordsOf(text: string): string[] {
  return fold(text).split(/\s+/).filter((word) => word !== '');
}

/** Whether every word is somewhere in `folded`, in any order. */
export function hasWords(folded: string, words: readonly string[]): boolean {
  return words.every((word) => folded.includes(word));
}

/** Whether every word is how some word of `folded` begins. */
export function startsWords(folded: string, words: readonly string[]): boolean {
  return words.every((word) => ` ${folded}`.includes(` ${word}`));
}
