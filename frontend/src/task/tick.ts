/** Ticking a box of a check list in the Markdown source. */
import type { Box } from './MarkdownNodes.tsx';

const BOX = /^((?:[\s>]*(?:[-*+]|\d{1,9}[.)]))+\s+)\[([ xX])\]/;

function boxless(line: string | undefined): string | null {
  if (line === undefined || !BOX.test(line)) return null;
  return line.replace(BOX, '$1[ ]');
}

/**
 * The text with that box as the reader wants it. `shown` is the text that the reader saw; `now` may have changed
 * since, so the line is looked up by its words. Null if it is gone, or more lines than before have
 * the same words.
 */
export function withTick(shown: string, now: string, { line, isChecked }: Box): string | null {
  const words = boxless(shown.split(/\r\n?|\n/)[line]);
  if (words === null) return null;
  const parts = now.split(/(\r\n?|\n)/);
  const lines = parts.filter((_, n) => n % 2 === 0);
  const same = (all: string[]) => [...all.keys()].filter((n) => boxless(all[n]) === words);
  const [before, found] = [same(shown.split(/\r\n?|\n/)), same(lines)];
  const at = before.length === found.length ? found[before.indexOf(line)] : undefined;
  if (at === undefined) return null;
  parts[at * 2] = (lines[at] ?? '').replace(BOX, (_, before: string) => `${before}[${isChecked ? 'x' : ' '}]`);
  return parts.join('');
}
