/** What people paste when they have a list: bullets and boxes aren't part of a title. */
const BULLET = /^\s*(?:[-*+•]\s+(?:\[[ xX]\]\s+)?|\d{1,3}[.)]\s+)/;

/** The titles in a pasted text; empty unless there are several. */
export function pastedTitles(text: string): string[] {
  const lines = text
    .split(/\r\n?|\n/)
    .map((line) => line.replace(BULLET, '').replace(/\s+/g, ' ').trim())
    .filter((line) => line !== '');
  return lines.length > 1 ? lines : [];
}
