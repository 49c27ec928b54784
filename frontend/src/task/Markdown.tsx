import { useMemo } from 'react';
import { renderMarkdown } from './markdown.ts';
import css from './markdown.module.css';

/** The one place where HTML is put on the page, and only what `renderMarkdown` made. */
export default function Markdown({ source }: { source: string }) {
  const html = useMemo(() => renderMarkdown(source), [source]);
  return <div className={css.markdown} dangerouslySetInnerHTML={{ __html: html }} />;
}
