/** Drafts of several lines, each a text by itself: a list that was pasted, of which each line is to be a task. */
import { getDraft, setDraft } from './drafts.ts';

export function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

function setLines(scope: string, lines: readonly string[]): void {
  setDraft(scope, lines.length === 0 ? undefined : { text: lines.join('\n') });
}

/** Puts a line back on top of those that are there; the last one comes back first. */
export function giveBackLine(scope: string, line: string): void {
  setLines(scope, [line, ...linesOf(getDraft(scope)?.text ?? '')]);
}

/** Takes a line out; false if it isn't there. */
export function takeLine(scope: string, line: string): boolean {
  const lines = linesOf(getDraft(scope)?.text ?? '');
  const at = lines.indexOf(line);
  if (at >= 0) setLines(scope, lines.toSpliced(at, 1));
  return at >= 0;
}
