/** What signing out would lose: texts that aren't saved, and writes whose outcome isn't known. */
import { toasts } from '../ui/toasts.ts';
import { drafts, wholeText, type Draft } from './drafts.ts';

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
    else if (!scope.startsWith('unsent:') && wholeText(draft) !== '') work.texts.push(wholeText(draft));
  }
  for (const { holds } of toasts.get()) if (holds !== undefined) work.texts.push(holds);
  return work;
}

/** The text of what got no answer was given back, or stands in its message. */
function isBeingCreated(scope: string, { extra }: Draft): boolean {
  return scope.startsWith('unsent:') && (extra as { state?: string }).state === 'sending';
}
