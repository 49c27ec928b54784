/** How the page and the server compare text: without regard to case, accents, composition and width. */

const MARKS = /\p{M}/gu;

/** NFKD without combining marks, in lower case; the server's search compares the same form. */
export function fold(text: string): string {
  return text.normalize('NFKD').replace(MARKS, '').toLowerCase();
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
