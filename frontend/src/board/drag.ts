/** Moving tasks by pointer. Loaded after the board is drawn. */
import {
  draggable,
  dropTargetForElements,
  monitorForElements,
} from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine';
import { autoScrollForElements } from '@atlaskit/pragmatic-drag-and-drop-auto-scroll/element';
import { attachClosestEdge, extractClosestEdge } from '@atlaskit/pragmatic-drag-and-drop-hitbox/closest-edge';
import type { Status } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { toast } from '../ui/toasts.ts';
import { dropAt, type DropAt } from './useDrag.ts';

interface Target {
  element: Element;
  data: Record<string | symbol, unknown>;
}

/** A card: it can be taken, and something can be dropped above or below it. */
export function card(element: HTMLElement, task: string, status: Status): () => void {
  return combine(
    draggable({
      element,
      getInitialData: () => ({ task }),
      onDragStart: () => element.setAttribute('data-dragged', ''),
      onDrop: () => element.removeAttribute('data-dragged'),
    }),
    dropTargetForElements({
      element,
      getData: ({ input }) => attachClosestEdge({ task, status }, { element, input, allowedEdges: ['top', 'bottom'] }),
    }),
  );
}

/** The board, which scrolls sideways. Snapping to a column would fight it. */
export function board(element: HTMLElement): () => void {
  return combine(
    autoScrollForElements({ element, getAllowedAxis: () => 'horizontal' }),
    monitorForElements({
      onDragStart: () => element.setAttribute('data-dragging', ''),
      onDrop: () => element.removeAttribute('data-dragging'),
    }),
  );
}

/** A column, and the part of it that scrolls. */
export function column(element: HTMLElement, scroller: HTMLElement, status: Status): () => void {
  return combine(
    dropTargetForElements({ element, getData: () => ({ status }) }),
    autoScrollForElements({ element: scroller, getAllowedAxis: () => 'vertical' }),
  );
}

function placeIn(targets: readonly Target[]): DropAt | null {
  const [inner] = targets;
  if (inner === undefined) return null;
  const { status, task } = inner.data as { status: Status; task?: string };
  const edge = extractClosestEdge(inner.data);
  return { status, task: task ?? null, edge: edge === 'top' ? 'top' : 'bottom' };
}

/** Follows what is dragged, and tells where it was dropped. `onDrop` gives whether the task is still there. */
export function watch(onDrop: (task: string, at: DropAt) => boolean): () => void {
  return monitorForElements({
    onDrag: ({ location }) => dropAt.set((now) => same(now, placeIn(location.current.dropTargets))),
    onDrop: ({ source, location }) => {
      dropAt.set(null);
      const at = placeIn(location.current.dropTargets);
      if (at === null || typeof source.data.task !== 'string') return;
      if (!onDrop(source.data.task, at)) toast({ kind: 'info', text: t('errors.notFound') });
    },
  });
}

function same(now: DropAt | null, next: DropAt | null): DropAt | null {
  return now?.status === next?.status && now?.task === next?.task && now?.edge === next?.edge ? now : next;
}
