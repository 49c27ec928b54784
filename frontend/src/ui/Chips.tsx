import type { Label } from '../api/types.ts';
import { useNow } from '../i18n/clock.ts';
import { dayAndTime, daysUntil, shortDay } from '../i18n/dates.ts';
import { t } from '../i18n/index.ts';
import { Icon } from './Icon.tsx';
import { printed } from './keys.ts';
import css from './ui.module.css';

export function Dot({ color }: { color: string }) {
  return <span className={css.dot} ref={(dot) => dot?.style.setProperty('--dot', color)} aria-hidden="true" />;
}

export function LabelChip({ label }: { label: Pick<Label, 'name' | 'color'> }) {
  return (
    <span className={css.chip}>
      <Dot color={label.color} />
      <span className={css.chipText} dir="auto">
        {label.name}
      </span>
    </span>
  );
}

const SOON_DAYS = 2;

interface DueProps {
  due: string;
  /** The task is completed or cancelled: it can't be late any more. */
  isOver: boolean;
  className?: string | undefined;
}

/** The due date, which becomes soon and late by itself. */
export function Due({ due, isOver, className }: DueProps) {
  const today = new Date(useNow('day'));
  const days = daysUntil(due, today);
  const state = isOver ? 'past' : days < 0 ? 'over' : days <= SOON_DAYS ? 'soon' : 'later';
  return (
    <span className={className} data-due={state}>
      <Icon name="calendar" size={12} />
      <span className="visually-hidden">{t(state === 'over' ? 'task.overdueSince' : 'task.dueOn')} </span>
      <time dateTime={due} title={dayAndTime(due)} dir="auto">
        {shortDay(due, today)}
      </time>
    </span>
  );
}

export function DueChip(props: Omit<DueProps, 'className'>) {
  return <Due {...props} className={`${css.chip} ${css.due}`} />;
}

/** Keys as they are printed on the keyboard: `Ctrl+K`, or `g b` for one after the other. */
export function Keys({ keys }: { keys: string }) {
  return (
    <span className={css.keys} data-keys>
      {keys.split(/[ +]/).map((key, n) => (
        <kbd className={css.kbd} key={n}>
          {printed(key)}
        </kbd>
      ))}
    </span>
  );
}
