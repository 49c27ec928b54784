/** The former interface of the drafts; new code uses `useDraft` of ../drafts. */
import { getDraft, setDraft } from '../drafts/drafts.ts';

export function draftOf(key: string): string | undefined {
  return getDraft(key)?.text;
}

export function keepDraft(key: string, text: string | null): void {
  setDraft(key, text === null || text === '' ? undefined : { text });
}
