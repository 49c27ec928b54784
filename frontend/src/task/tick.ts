/** Ticking a box of a check list in the Markdown source. */
import type { Box } from './MarkdownNodes.tsx';

const BOX = /^((?:[\s>]*(?:[-*+]|\d{1,9}[.)]))+\s+)\[([ xX])\]/;

function boxless(line: string | undefined): string | null {
  if (line === undefined || !BOX.test(line)) return null;
  return line.replace(BOX, '$1[ ]');
}

/**
 * The text with that box as the reader wants it. `shown` is the text that the reader saw; `now` may have changed
 * since, so the line is looked up by its words. Null if it is gone or no longer unique.
 */
export function withTick(shown: string, now: string, { line, isChecked }: Box): string | null {
  const words = boxless(shown.split(/\r\n?|\n/)[line]);
  if (words === null) return null;
  const parts = now.split(/(\r\n?|\n)/);
  const lines = parts.filter((_, n) => n % 2 === 0);
  const same = [...lines.keys()].filter((n) => boxless(lines[n]) === words);
  const [only] = same;
  const at = same.includes(line) ? line : same.length === 1 && only !== undefined ? only : null;
  if (at === null) return null;
  parts[at * 2] = (lines[at] ?? '').replace(BOX, (_, before: string) => `${before}[${isChecked ? 'x' : ' '}]`);
  return parts.join('');
}
