import { useEffect } from 'react';
import { COMMANDS, isOpen, type Command } from '../palette/commands.ts';
import { stage, taskReturnedTo, typeAhead } from '../ui/stage.ts';
import { useCommandContext } from './useContext.ts';

/** The second key of `g b` must come within so long. */
const SEQUENCE_MS = 1_200;

/** The key as the table of commands writes it. */
export function nameOf(event: KeyboardEvent): string {
  const key = event.key.length === 1 && (event.ctrlKey || event.metaKey) ? event.key.toUpperCase() : event.key;
  const name = key === 'Backspace' ? 'Delete' : key;
  return event.ctrlKey || event.metaKey ? `Ctrl+${name}` : name;
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button'].includes(target.type);
  return target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

/** The task with the focus, else the one under the pointer; null leaves the open one. */
function taskAtHand(): string | null {
  const near = document.activeElement?.closest<HTMLElement>('[data-task]');
  const under = document.querySelector<HTMLElement>('[data-task]:hover');
  return near?.dataset.task ?? taskReturnedTo() ?? under?.dataset.task ?? null;
}

export function useKeys(team: string, me: string): void {
  const context = useCommandContext(team, me);
  useEffect(() => {
    let before = '';
    let forget: ReturnType<typeof setTimeout> | undefined;
    const find = (keys: string): Command | undefined => COMMANDS.find((command) => command.keys === keys);
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || event.isComposing || event.repeat) return;
      const name = nameOf(event);
      if (stage.get() !== null && !isIn(document.activeElement, 'dialog') && name.length === 1) {
        event.preventDefault();
        typeAhead(name);
        return;
      }
      if (name !== 'Ctrl+K' && (stage.get() !== null || isTyping(event.target) || isIn(event.target, 'menu'))) return;
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
      const now = context(taskAtHand());
      if (!isOpen(command, now)) return;
      event.preventDefault();
      command.run(now);
    };
    addEventListener('keydown', onKey);
    return () => {
      removeEventListener('keydown', onKey);
      clearTimeout(forget);
    };
  }, [context]);
}

/** Menus find their items by typing, and dialogs have fields of their own. */
function isIn(target: EventTarget | null, role: 'menu' | 'dialog'): boolean {
  return target instanceof HTMLElement && target.closest(`[role="${role}"]`) !== null;
}
