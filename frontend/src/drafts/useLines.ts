import { useMemo } from 'react';
import { linesOf } from './lines.ts';
import { useDraft } from './useDraft.ts';

/** The lines of a draft; see lines.ts. */
export function useLines(scope: string) {
  const { text, setText, discard } = useDraft(scope);
  return useMemo(() => {
    const lines = linesOf(text);
    return { lines, add: (more: readonly string[]) => setText([...lines, ...more].join('\n')), discard };
  }, [text, setText, discard]);
}
