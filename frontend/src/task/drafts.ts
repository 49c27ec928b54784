/** Texts that were begun and not saved: closing a task, or losing the network, doesn't lose them. */
const drafts = new Map<string, string>();

export function draftOf(key: string): string | undefined {
  return drafts.get(key);
}

export function keepDraft(key: string, text: string | null): void {
  if (text === null || text === '') drafts.delete(key);
  else drafts.set(key, text);
}
