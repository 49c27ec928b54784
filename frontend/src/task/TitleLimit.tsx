import { useTranslation } from '../i18n/index.ts';
import css from './panel.module.css';

/** Characters, counted as the server does: Unicode code points. */
export const MAX_TITLE = 255;
/** The limit is shown from here on. */
const SHOW_FROM = 230;

/** As it is saved: what was copied from a page may hold marks of direction, which a title doesn't have. */
export function oneLine(title: string): string {
  return title.replace(/\p{Bidi_Control}/gu, '').replace(/\s+/g, ' ').trim().normalize('NFC');
}

function lengthOf(title: string): number {
  return Array.from(oneLine(title)).length;
}

export function isTooLong(title: string): boolean {
  return lengthOf(title) > MAX_TITLE;
}

export function TitleLimit({ id, title }: { id: string; title: string }) {
  const { t } = useTranslation();
  const length = lengthOf(title);
  const over = length - MAX_TITLE;
  return (
    <p id={id} className={over > 0 ? css.over : css.limit} role={over > 0 ? 'alert' : undefined} hidden={length < SHOW_FROM}>
      {over > 0 ? t('task.tooLong', { count: over }) : t('task.limit', { length, most: MAX_TITLE })}
    </p>
  );
}
