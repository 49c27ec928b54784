import { useEffect } from 'react';
import { number as formatNumber } from '../i18n/formats.ts';

const MOST_COUNTED = 99;

/** The document's title: what is special comes first, as a tab shows only the beginning. */
export function useTitle(parts: readonly (string | undefined)[], unread = 0): void {
  const text = [...parts, 'TaskHub'].filter((part) => part !== undefined && part !== '').join(' · ');
  const count = unread > MOST_COUNTED ? `${formatNumber(MOST_COUNTED)}+` : formatNumber(unread);
  const title = unread > 0 ? `(${count}) ${text}` : text;
  useEffect(() => {
    document.title = title;
  }, [title]);
}
