/** Names and titles that are written from right to left, in sentences that aren't. */

/** Letters of right-to-left scripts, and the marks that turn the direction. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}\u200f\u202b\u202e\u2067]/u;
/** First strong isolate, and its end (Unicode UAX #9): what `<bdi>` is in a string. */
const [OPEN, CLOSE] = ['\u2068', '\u2069'];

/** The text, kept from reordering the words around it. */
export function isolated(text: string): string {
  return RIGHT_TO_LEFT.test(text) ? OPEN + text + CLOSE : text;
}

/** "Ann, Bob", each name in its own direction. */
export function listed(names: readonly string[]): string {
  return names.map(isolated).join(', ');
}
