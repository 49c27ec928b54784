import { Component, useMemo, type ReactNode } from 'react';
import { t } from '../i18n/index.ts';
import { parseMarkdown } from './markdown.ts';
import css from './markdown.module.css';
import { blockNodes, type Box } from './MarkdownNodes.tsx';

interface Props {
  source: string;
  /** Called with the box as the reader wants it; without it the boxes can't be ticked. */
  onTick?: (box: Box) => void;
}

/** A text in Markdown. What can't be rendered is shown as it was written, and takes nothing else with it. */
export default function Markdown(props: Props) {
  return (
    <PlainOnError source={props.source}>
      <Rendered {...props} />
    </PlainOnError>
  );
}

function Rendered({ source, onTick }: Props) {
  const { tokens, rest } = useMemo(() => parseMarkdown(source), [source]);
  const nodes = useMemo(() => blockNodes(tokens, { onTick }), [tokens, onTick]);
  return (
    <div className={css.markdown}>
      {nodes}
      {rest !== null && <Plain source={rest} />}
    </div>
  );
}

function Plain({ source }: { source: string }) {
  return (
    <>
      <p className={css.note}>{t('markdown.plain')}</p>
      <div className={css.plain} dir="auto">
        {pieces(source).map((piece, n) => (
          <div key={n}>{piece}</div>
        ))}
      </div>
    </>
  );
}

/** Characters in one piece of plain text: browsers need the square of it for lines without a space. */
const PIECE = 400;

/** A text in blocks: lines, and long lines in pieces. */
function pieces(source: string): string[] {
  if (source.length < PIECE) return [source];
  return source.match(new RegExp(`[^\\n]{1,${PIECE}}\\n?|\\n`, 'gu')) ?? [];
}

class PlainOnError extends Component<{ source: string; children: ReactNode }, { failed: string | null }> {
  override state: { failed: string | null } = { failed: null };

  static getDerivedStateFromError(): { failed: string | null } {
    return { failed: '' };
  }

  static getDerivedStateFromProps(props: { source: string }, state: { failed: string | null }): { failed: string | null } | null {
    if (state.failed === '') return { failed: props.source };
    // Another text may be renderable.
    return state.failed !== null && state.failed !== props.source ? { failed: null } : null;
  }

  override render(): ReactNode {
    const { source, children } = this.props;
    if (this.state.failed === null) return children;
    return (
      <div className={css.markdown}>
        <Plain source={source} />
      </div>
    );
  }
}
