import type { MouseEvent } from 'react';

const INTERACTIVE = 'a, button, input, summary, label, pre, [role="group"]';
/** Letters before the click that are looked for in the source. */
const CONTEXT = 24;

interface CaretDocument {
  caretPositionFromPoint?: (x: number, y: number) => { offsetNode: Node; offset: number } | null;
}

/**
 * Where in the Markdown source the letter is that was clicked in the rendered text. Null when the click was on something
 * that acts by itself, or ended a selection; the end of the source when the place can't be told.
 */
export function placeOfClick(event: MouseEvent<HTMLElement>, source: string): number | null {
  const { target } = event;
  if (event.defaultPrevented || !(target instanceof Element) || target.closest(INTERACTIVE) !== null) return null;
  if (getSelection()?.isCollapsed === false) return null;
  const caret = (document as CaretDocument).caretPositionFromPoint?.(event.clientX, event.clientY);
  if (!caret) return source.length;
  const text = caret.offsetNode.textContent ?? '';
  for (let length = CONTEXT; length > 0; length = Math.floor(length / 2)) {
    const before = text.slice(Math.max(0, caret.offset - length), caret.offset);
    const first = source.indexOf(before);
    if (before.trim() !== '' && first >= 0 && source.indexOf(before, first + 1) < 0) return first + before.length;
    const after = text.slice(caret.offset, caret.offset + length);
    const only = source.indexOf(after);
    if (after.trim() !== '' && only >= 0 && source.indexOf(after, only + 1) < 0) return only;
  }
  return source.length;
}
