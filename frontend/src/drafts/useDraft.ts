import { useCallback, useEffect, useMemo } from 'react';
import { useStore } from '../ui/useStore.ts';
import { drafts, getDraft, setDraft, settleDraft, type Base, type Draft } from './drafts.ts';

interface Options {
  /** What is saved: the text to begin from. */
  initial?: string;
  /** The version of what is saved. */
  version?: number;
}

export interface DraftHandle {
  text: string;
  setText: (text: string) => void;
  /** Further fields of the form; undefined until something was set. */
  extra: unknown;
  setExtra: (extra: unknown) => void;
  /** What the text was when its author began; what is saved if they haven't. */
  base: Base;
  /** When the author begins to edit: a draft that equals what is saved, or is being saved, goes on from that. */
  begin: () => void;
  /** Goes on with the same text from another version, after the author has seen it. */
  rebase: (base: Base) => void;
  /** After creating, or when the author cancels. */
  discard: () => void;
  /**
   * After `sent` was saved as `saved`: discards it, unless its author has typed on meanwhile; then their text goes on from
   * what was saved. Gives whether it was discarded.
   */
  settle: (sent: string, saved: Base) => boolean;
  /** Whether the draft differs from what is saved, by whomever. */
  isDirty: boolean;
  /** The draft as it is kept, for `giveBack`; undefined while nothing was typed. */
  draft: Draft | undefined;
}

/** The draft of a scope; see drafts.ts for how to use it. */
export function useDraft(scope: string, { initial = '', version = 0 }: Options = {}): DraftHandle {
  const draft = useStore(drafts, (all) => all.get(scope));
  const change = useCallback(
    (fields: Partial<Draft>) => {
      const now = getDraft(scope);
      const base = fields.base ?? now?.base ?? { version, text: initial };
      const text = fields.text ?? now?.text ?? initial;
      const extra = 'extra' in fields ? fields.extra : now?.extra;
      const isEmpty = text === base.text && extra === undefined;
      const key = now?.key;
      setDraft(scope, isEmpty ? undefined : { text, base, ...(extra !== undefined && { extra }), ...(key !== undefined && { key }) });
    },
    [scope, initial, version],
  );
  return useMemo(
    () => ({
      text: draft?.text ?? initial,
      setText: (text) => change({ text }),
      extra: draft?.extra,
      setExtra: (extra) => change({ extra }),
      base: draft?.base ?? { version, text: initial },
      begin: () => {
        const now = getDraft(scope);
        // It stays: what is being saved may be refused.
        if (now !== undefined && now.text === initial) setDraft(scope, { ...now, base: { version, text: initial } });
      },
      rebase: (base) => change({ base }),
      discard: () => setDraft(scope, undefined),
      settle: (sent, saved) => settleDraft(scope, sent, saved),
      isDirty: draft !== undefined && (draft.text !== initial || draft.extra !== undefined),
      draft,
    }),
    [draft, initial, version, change, scope],
  );
}

/**
 * Discards a draft that says what is saved anyway: its answer was lost, or somebody else has written the same. `isAtRest`
 * says that nobody writes in it and nothing of it is on its way; `as` is what would be saved of a text.
 */
export function useDiscardSaved(scope: string, saved: string, isAtRest: boolean, as = asItIs): void {
  useEffect(() => {
    // As it is now: what was typed before the field was there may have come since this was drawn.
    const now = getDraft(scope);
    if (isAtRest && now !== undefined && as(now.text) === saved) setDraft(scope, undefined);
  });
}

const asItIs = (text: string) => text;
