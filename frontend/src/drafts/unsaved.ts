/** What signing out would lose: texts that aren't saved, and writes whose outcome isn't known. */
import { drafts, type Draft } from './drafts.ts';

export interface UnsavedWork {
  /** Their beginnings. */
  texts: string[];
  /** Things that are being saved, in the user's words. */
  changes: string[];
}

export function unsavedWork(): UnsavedWork {
  const work: UnsavedWork = { texts: [], changes: [] };
  for (const [scope, draft] of drafts.get()) {
    if (scope.startsWith('held:') || isBeingCreated(scope, draft)) work.changes.push(draft.text);
    else if (!scope.startsWith('unsent:') && textOf(draft) !== '') work.texts.push(textOf(draft));
  }
  return work;
}

/** The text of what got no answer was given back: it is a draft by itself. */
function isBeingCreated(scope: string, { extra }: Draft): boolean {
  return scope.startsWith('unsent:') && (extra as { state?: string }).state === 'sending';
}

function textOf({ text, extra }: Draft): string {
  const description = typeof extra === 'object' && extra !== null && 'description' in extra ? extra.description : '';
  return text.trim() || (typeof description === 'string' ? description.trim() : '');
}
