/** Merging two texts that were written from the same one, by lines. */

interface Change {
  /** The lines of the base that it takes the place of. */
  from: number;
  to: number;
  lines: string[];
}

/** Lines of each text; comparing costs their product. */
const MAX_LINES = 1_500;

/** What was changed between two texts. */
function changes(base: string[], next: string[]): Change[] {
  let start = 0;
  while (start < base.length && start < next.length && base[start] === next[start]) start++;
  let tail = 0;
  while (tail < base.length - start && tail < next.length - start && base.at(-1 - tail) === next.at(-1 - tail)) tail++;
  const [a, b] = [base.slice(start, base.length - tail), next.slice(start, next.length - tail)];
  // Lengths of the longest common parts of what follows.
  const width = b.length + 1;
  const common = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const [below, right] = [common[(i + 1) * width + j] ?? 0, common[i * width + j + 1] ?? 0];
      common[i * width + j] = a[i] === b[j] ? (common[(i + 1) * width + j + 1] ?? 0) + 1 : Math.max(below, right);
    }
  }
  const found: Change[] = [];
  let [i, j] = [0, 0];
  let open: Change | null = null;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      open = null;
      i++;
      j++;
      continue;
    }
    if (open === null) {
      open = { from: start + i, to: start + i, lines: [] };
      found.push(open);
    }
    const isAdded = j < b.length && (i === a.length || (common[i * width + j + 1] ?? 0) >= (common[(i + 1) * width + j] ?? 0));
    if (isAdded) open.lines.push(b[j++] ?? '');
    else open.to = start + ++i;
  }
  return found;
}

/** Both texts in one; null where both changed the same lines, or lines beside each other. */
export function merged(base: string, mine: string, theirs: string): string | null {
  const [baseLines, mineLines, theirLines] = [base, mine, theirs].map((text) => text.split('\n')) as [string[], string[], string[]];
  if (Math.max(baseLines.length, mineLines.length, theirLines.length) > MAX_LINES) return null;
  const [own, other] = [changes(baseLines, mineLines), changes(baseLines, theirLines)];
  if (own.some((a) => other.some((b) => a.from <= b.to && b.from <= a.to))) return null;
  const result = [...baseLines];
  for (const { from, to, lines } of [...own, ...other].sort((a, b) => b.from - a.from)) result.splice(from, to - from, ...lines);
  return result.join('\n');
}
