/** The server takes so many characters, counted as Unicode code points. */
export const MOST_SEARCHED = 100;

/** What can be searched for: the beginning of a longer text. */
export function searchable(text: string): string {
  return Array.from(text).slice(0, MOST_SEARCHED).join('');
}

export function isAtLimit(text: string): boolean {
  return Array.from(text).length >= MOST_SEARCHED;
}
