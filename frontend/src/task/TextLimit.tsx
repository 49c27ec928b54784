import { useTranslation } from '../i18n/index.ts';
import css from './panel.module.css';

/** What the server takes, in bytes of UTF-8. */
export const MAX_DESCRIPTION = 65_536;
export const MAX_COMMENT = 32_768;
/** From this share of the limit on, it is shown. */
const SHOW_FROM = 0.9;

/** A UTF-16 unit has at most three bytes: the length alone answers for most texts. */
function isShort(text: string, most: number): boolean {
  return text.length * 3 < most * SHOW_FROM;
}

/** How many characters are to be taken from the end for the text to have at most so many bytes. */
export function excess(text: string, most: number): number {
  if (isShort(text, most)) return 0;
  const bytes = new TextEncoder().encode(text);
  let start = Math.min(most, bytes.length);
  // A character that is cut is one too many.
  while (start < bytes.length && isWithin(bytes[start])) start--;
  return bytes.subarray(start).filter((byte) => !isWithin(byte)).length;
}

/** Whether this byte isn't the first of its character. */
function isWithin(byte = 0): boolean {
  return (byte & 0xc0) === 0x80;
}

interface Fill {
  length: number;
  most: number;
}

/** How many characters the text has, and how many like these would fit; undefined while the limit is far. */
export function fill(text: string, most: number): Fill | undefined {
  if (isShort(text, most)) return undefined;
  const bytes = new TextEncoder().encode(text).length;
  if (bytes < most * SHOW_FROM) return undefined;
  const { length } = Array.from(text);
  return { length, most: Math.floor((most * length) / bytes) };
}

export function TextLimit({ text, most }: { text: string; most: number }) {
  const { t } = useTranslation();
  const over = excess(text, most);
  const near = fill(text, most);
  if (near === undefined) return null;
  return (
    <p className={over > 0 ? css.over : css.limit} role={over > 0 ? 'alert' : undefined}>
      {over > 0 ? t('task.tooLong', { count: over }) : t('task.limit', { ...near })}
    </p>
  );
}
