import { Fragment, type ReactNode } from 'react';
import { useTranslation, type TextKey } from './index.ts';

interface Props {
  /** The key of the sentence in the catalogue. */
  of: TextKey;
  /** What its placeholders stand for. A text is isolated: a Hebrew name doesn't reorder the words around it. */
  parts: Readonly<Record<string, ReactNode>>;
  count?: number;
}

const MARK = '\u0001';

/** A sentence of the catalogue with names or elements in it. */
export function Sentence({ of, parts, count }: Props) {
  const { t } = useTranslation();
  const marked = Object.fromEntries(Object.keys(parts).map((name) => [name, `${MARK}${name}${MARK}`]));
  const text: string = t(of, { ...marked, ...(count !== undefined && { count }) });
  return text.split(MARK).map((piece, n) => {
    if (n % 2 === 0) return piece;
    const part = parts[piece];
    return <Fragment key={n}>{typeof part === 'string' ? <bdi>{part}</bdi> : part}</Fragment>;
  });
}
