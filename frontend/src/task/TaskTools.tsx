/** What holds for tasks on the board and in the list alike: their menu, selecting several, and what is announced. */
import { Suspense, useEffect } from 'react';
import type { Team } from '../api/types.ts';
import { focused, focusedTask } from '../board/focus.ts';
import { announced } from '../ui/announce.ts';
import { Boundary } from '../ui/Boundary.tsx';
import { BrokenOverlay } from '../ui/BrokenOverlay.tsx';
import { isComposing } from '../ui/composing.ts';
import { part } from '../ui/part.ts';
import { stage } from '../ui/stage.ts';
import { useStore } from '../ui/useStore.ts';
import { menuAt, openTaskMenu, openTaskMenuAt } from './menu.ts';
import { clearSelection, selection, selectTo, toggleSelected } from './selection.ts';
import css from './selection.module.css';
import { isShown } from './shown.ts';

const TaskMenu = part(() => import('./TaskMenu.tsx'));
const SelectionBar = part(() => import('./SelectionBar.tsx'));

const closeMenu = () => menuAt.set(null);

function taskOf(target: EventTarget | null): string | undefined {
  const id = target instanceof Element ? target.closest<HTMLElement>('[data-task]')?.dataset.task : undefined;
  return id !== undefined && isShown(id) ? id : undefined;
}

function onContextMenu(event: MouseEvent): void {
  const id = taskOf(event.target);
  // A selected text, and a link within a text, keep the browser's own menu.
  if (id === undefined || event.defaultPrevented) return;
  event.preventDefault();
  openTaskMenu(id, event.clientX, event.clientY);
}

function onClick(event: MouseEvent): void {
  const isRange = event.shiftKey;
  if (event.button !== 0 || event.altKey || !(isRange || event.ctrlKey || event.metaKey)) return;
  const id = taskOf(event.target);
  if (id === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  if (isRange) selectTo(id, focused.get() ?? undefined);
  else toggleSelected(id);
}

function onKeyDown(event: KeyboardEvent): void {
  if (stage.get() !== null || event.defaultPrevented || isComposing(event)) return;
  const { target } = event;
  const isAtTask = target === document.body || taskOf(target) !== undefined;
  const isAtBar = target instanceof Element && target.closest('[data-selection-bar]') !== null;
  // A card that keys carry is above the selection: the board puts it back.
  const isEnd = event.key === 'Escape' && selection.get().size > 0 && document.querySelector('[data-lifted]') === null;
  if (isEnd && (isAtTask || isAtBar)) {
    event.preventDefault();
    clearSelection();
  }
  if (!isAtTask) return;
  if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
    const id = focusedTask();
    const element = id === null ? null : document.querySelector(`[data-task="${CSS.escape(id)}"]`);
    if (id === null || element === null || !isShown(id)) return;
    event.preventDefault();
    openTaskMenuAt(id, element);
  }
}

export function TaskTools({ team, me }: { team: Team; me: string }) {
  const isMenuWanted = useStore(menuAt, (at) => at !== null);
  const hasSelection = useStore(selection, ({ size }) => size > 0);
  const said = useStore(announced, (now) => now);
  useEffect(() => {
    document.addEventListener('contextmenu', onContextMenu);
    document.addEventListener('click', onClick, true);
    // Before the panel, which would close with the same Escape.
    document.addEventListener('keydown', onKeyDown, true);
    return () => {
      document.removeEventListener('contextmenu', onContextMenu);
      document.removeEventListener('click', onClick, true);
      document.removeEventListener('keydown', onKeyDown, true);
    };
  }, []);
  return (
    <>
      {isMenuWanted && (
        <Boundary onClose={closeMenu} frame={(what) => <BrokenOverlay onClose={closeMenu}>{what}</BrokenOverlay>}>
          <Suspense fallback={null}>
            <TaskMenu team={team} me={me} />
          </Suspense>
        </Boundary>
      )}
      {hasSelection && (
        <Boundary onClose={clearSelection} frame={(what) => <section className={css.failed}>{what}</section>}>
          <Suspense fallback={null}>
            <SelectionBar team={team} />
          </Suspense>
        </Boundary>
      )}
      <p key={said.count} className="visually-hidden" role="status" aria-live="assertive">
        {said.text}
      </p>
    </>
  );
}
