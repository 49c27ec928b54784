/** The keys of the board: going from card to card, and lifting, carrying and dropping one. */
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import type { Status, Task } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { isDraft } from '../task/pending.ts';
import { selectTo } from '../task/selection.ts';
import { isComposing } from '../ui/composing.ts';
import { keyOf } from '../ui/keys.ts';
import { stage } from '../ui/stage.ts';
import { directionOf, focused, focusedTask, focusTask, isExtending, isFree, neighbourOf } from './focus.ts';
import { carry, liftedColumns, type Columns, type Lift } from './lift.ts';

interface Board {
  columns: Columns;
  statuses: readonly Status[];
  canEdit: boolean;
  move: (task: Task, status: Status, index: number) => void;
}

export function useBoardKeys({ columns: settled, statuses, canEdit, move }: Board) {
  const board = useRef<HTMLDivElement>(null);
  const [lift, setLift] = useState<Lift | null>(null);
  const [said, setSaid] = useState('');
  const columns = lift === null ? settled : liftedColumns(settled, lift);

  const say = (key: 'lifted' | 'carried' | 'dropped' | 'putBack', now: Lift, count: number) =>
    setSaid(t(`board.${key}`, { task: now.task.key, status: t(`status.${now.status}`), index: now.index + 1, count }));

  const onLifted = (event: KeyboardEvent, now: Lift) => {
    const isRightToLeft = board.current !== null && getComputedStyle(board.current).direction === 'rtl';
    const direction = directionOf(keyOf(event), isRightToLeft);
    // Drawn at once: the next key finds the card where this one has put it.
    flushSync(() => {
      if (event.key === ' ' || event.key === 'Enter') {
        say('dropped', now, columns[now.status].length);
        setLift(null);
        move(now.task, now.status, now.index);
      } else if (event.key === 'Escape') {
        say('putBack', now, columns[now.status].length);
        setLift(null);
      } else if (direction !== null) {
        const next = carry(settled, statuses, now, direction);
        setLift(next);
        say('carried', next, liftedColumns(settled, next)[next.status].length);
      }
    });
    if (event.key !== 'Tab') event.preventDefault();
    focusTask(now.task.id);
  };

  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || isComposing(event) || stage.get() !== null) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target instanceof Element ? event.target : null;
    const isNear = board.current?.contains(target) && target?.closest('[data-focus]');
    if (!isNear && !isFree(event)) return;
    if (lift !== null) {
      onLifted(event, lift);
      return;
    }
    if (event.shiftKey && !isExtending(event)) return;
    const id = focusedTask() ?? focused.get();
    const all = statuses.flatMap((status) => columns[status]);
    const task = all.find((one) => one.id === id);
    const isRightToLeft = board.current !== null && getComputedStyle(board.current).direction === 'rtl';
    const direction = directionOf(keyOf(event), isRightToLeft);
    if (task !== undefined && event.key === ' ' && canEdit && !isDraft(task)) {
      event.preventDefault();
      const next = { task, status: task.status, index: columns[task.status].indexOf(task) };
      flushSync(() => {
        setLift(next);
        say('lifted', next, columns[task.status].length);
      });
      focusTask(task.id);
    } else if (direction !== null) {
      const next = task === undefined ? all[0] : neighbourOf(columns, statuses, task, direction);
      event.preventDefault();
      if (next === undefined) return;
      if (event.shiftKey) selectTo(next.id, task?.id);
      focusTask(next.id);
    }
  });

  useEffect(() => {
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);

  return { board, lift, columns, said, putBack: () => setLift(null) };
}
