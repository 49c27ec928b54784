import { useAgo, useNow } from '../i18n/clock.ts';
import { dayAndTime, shortDay } from '../i18n/dates.ts';
import { printing } from './printing.ts';
import { useStore } from './useStore.ts';

interface Props {
  at: string;
  className?: string | undefined;
}

/** "5 min. ago", and the day and time on hover and on paper. */
export function Ago({ at, className }: Props) {
  const ago = useAgo(at);
  const isPrinting = useStore(printing, (now) => now);
  return (
    <time className={className} dateTime={at} title={dayAndTime(at)} dir="auto">
      {isPrinting ? dayAndTime(at) : ago}
    </time>
  );
}

/** "12 Nov", with the year when it isn't this one. */
export function Day({ at, className }: Props) {
  const today = useNow('day');
  return (
    <time className={className} dateTime={at} title={dayAndTime(at)} dir="auto">
      {shortDay(at, new Date(today))}
    </time>
  );
}

/** "12 Nov 2026, 14:05". */
export function Moment({ at, className }: Props) {
  return (
    <time className={className} dateTime={at} dir="auto">
      {dayAndTime(at)}
    </time>
  );
}
