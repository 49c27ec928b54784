import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent, type RefObject } from 'react';
import { nameOf, singleKeys } from '../ui/keys.ts';
import { isComposing } from '../ui/composing.ts';
import { stage } from '../ui/stage.ts';
import type { Group } from './groups.ts';
import { markRead } from './read.ts';

const STEPS: Readonly<Record<string, 1 | -1>> = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };

interface Settings {
  list: RefObject<HTMLUListElement | null>;
  groups: readonly Group[];
  /** A key has led to the line of this task. */
  onMove: (group: Group) => void;
}

/** j, k and the arrow keys go from line to line, e or r marks as read; Enter is the link's own. */
export function useInboxKeys({ list, groups, onMove }: Settings): void {
  const client = useQueryClient();
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
    if (isComposing(event) || stage.get() !== null) return;
    const lines = [...(list.current?.querySelectorAll<HTMLElement>('[data-line]') ?? [])];
    const { activeElement } = document;
    const isInList = list.current?.contains(activeElement) === true;
    // Elsewhere on the page a key is somebody else's, unless nothing or the reading pane as a whole has the focus.
    const key = nameOf(event);
    // A link of the sidebar keeps the focus after a click; letters mean nothing there.
    const isFree = activeElement === document.body || (key.length === 1 && activeElement?.matches('#side a') === true);
    if (!isInList && !isFree && activeElement?.matches('[data-panel]') !== true) return;
    if (key.length === 1 && !singleKeys.get()) return;
    const isHere = (line: HTMLElement) =>
      isInList ? line.parentElement?.contains(activeElement) === true : line.hasAttribute('aria-current');
    const at = lines.findIndex(isHere);
    const step = STEPS[key];
    if (step !== undefined) {
      event.preventDefault();
      const next = lines[Math.min(lines.length - 1, Math.max(0, at + step))];
      next?.focus();
      const group = groups.find((one) => one.task === next?.dataset.line);
      if (group !== undefined && !group.isDeleted) onMove(group);
      return;
    }
    const task = at < 0 ? undefined : lines[at]?.dataset.line;
    if ((key !== 'e' && key !== 'r') || task === undefined) return;
    event.preventDefault();
    const ids = groups.find((group) => group.task === task)?.unread ?? [];
    if (ids.length > 0) void markRead(client, { ids });
  });
  useEffect(() => {
    // Before the page's own keys, which would act on the open task.
    addEventListener('keydown', onKey, true);
    return () => removeEventListener('keydown', onKey, true);
  }, []);
}
