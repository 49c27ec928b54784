import { useEffect } from 'react';
import { focusedTask } from '../board/focus.ts';
import { COMMANDS, isOpen, type Command } from '../palette/commands.ts';
import { isComposing } from '../ui/composing.ts';
import { hasKeysOfItsOwn, isInEditor, isTyping, nameOf, singleKeys, targetOf } from '../ui/keys.ts';
import { close, isTypedAhead, stage, stopAwaiting, taskReturnedTo, typeAhead } from '../ui/stage.ts';
import { useCommandContext } from './useContext.ts';

/** The second key of `g b` must come within this time. */
const SEQUENCE_MS = 1_200;

/** Works while something is typed too. */
const EVERYWHERE = new Set(['Ctrl+K', 'Ctrl+P']);

/**
 * The task that a key acts on: the one with the focus, else the open one, else the one under the pointer. Null stands
 * for the open one.
 */
function taskAtHand(isTaskOpen: boolean, hasPointed: boolean): string | null {
  const near = document.activeElement?.closest<HTMLElement>('[data-task]')?.dataset.task ?? taskReturnedTo();
  if (near !== null || isTaskOpen) return near;
  const under = document.querySelector<HTMLElement>('[data-task]:hover')?.dataset.task ?? null;
  return hasPointed ? (under ?? focusedTask()) : (focusedTask() ?? under);
}

export function useKeys(team: string, me: string): void {
  const context = useCommandContext(team, me);
  useEffect(() => {
    let before = '';
    /** The pointer was moved since the last key. */
    let hasPointed = false;
    let forget: ReturnType<typeof setTimeout> | undefined;
    const find = (keys: string): Command | undefined => COMMANDS.find((command) => command.keys === keys);
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || event.repeat || isComposing(event)) return;
      const name = nameOf(event);
      const target = targetOf(event);
      const isTaken = stage.get() !== null || isTyping(target) || isInEditor(target) || hasKeysOfItsOwn(target);
      if (!EVERYWHERE.has(name) && (isTaken || !singleKeys.get())) return;
      const keys = before === '' ? name : `${before} ${name}`;
      clearTimeout(forget);
      before = '';
      const command = find(keys);
      if (command === undefined) {
        if (!COMMANDS.some((one) => one.keys?.startsWith(`${name} `))) return;
        before = name;
        forget = setTimeout(() => {
          before = '';
        }, SEQUENCE_MS);
        return;
      }
      const open = context(null);
      const id = taskAtHand(open.task !== undefined, hasPointed);
      hasPointed = false;
      const now = id === null ? open : context(id);
      if (!isOpen(command, now)) return;
      event.preventDefault();
      command.run(now);
    };
    /** The field that a key has asked for isn't there yet: what follows is meant for it, not for what has the focus. */
    const onKeyAhead = (event: KeyboardEvent) => {
      const name = nameOf(event);
      const isElsewhere = hasKeysOfItsOwn(document.activeElement) || EVERYWHERE.has(name) || event.key === 'Tab';
      if (!isTypedAhead() || isElsewhere || event.altKey || isComposing(event)) return;
      if (name !== 'Escape') typeAhead(name, event.key);
      else if (stage.get() !== null) close();
      else stopAwaiting();
      event.preventDefault();
      event.stopPropagation();
    };
    const onPoint = () => {
      hasPointed = true;
    };
    /** Keys mean what was pressed on, not a field that still isn't there. */
    const onPress = () => isTypedAhead() && stopAwaiting();
    addEventListener('keydown', onKeyAhead, { capture: true });
    addEventListener('keydown', onKey);
    addEventListener('pointermove', onPoint);
    addEventListener('pointerdown', onPress);
    return () => {
      removeEventListener('pointerdown', onPress);
      removeEventListener('pointermove', onPoint);
      removeEventListener('keydown', onKeyAhead, { capture: true });
      removeEventListener('keydown', onKey);
      clearTimeout(forget);
    };
  }, [context]);
}
