/** Tokens of Markdown as React elements: what isn't named here can't come onto the page. */
import { createElement, Fragment, type ReactNode } from 'react';
import { t } from '../i18n/index.ts';
import { piecesOf, targetOf } from './links.ts';
import type { Token } from './markdown-rules.ts';
import css from './markdown.module.css';
import { LinkTo, TaskKey } from './MarkdownLinks.tsx';

export interface Box {
  /** The line of the text, from 0. */
  line: number;
  isChecked: boolean;
}

interface Context {
  onTick: ((box: Box) => void) | undefined;
}

/** Emphasis can be nested as deeply as the text is long; what lies deeper is drawn without it. */
const MAX_DEPTH = 24;

const BLOCKS: Record<string, string> = {
  paragraph_open: 'p',
  blockquote_open: 'blockquote',
  table_open: 'table',
  thead_open: 'thead',
  tbody_open: 'tbody',
  tr_open: 'tr',
  th_open: 'th',
  td_open: 'td',
  em_open: 'em',
  strong_open: 'strong',
  s_open: 'del',
  summary_open: 'summary',
};
/** What people write has the direction of its own first letter. */
const OWN_DIRECTION = new Set(['p', 'th', 'td', 'summary']);

/** The words of inline tokens, for names. */
export function wordsOf(tokens: readonly Token[]): string {
  return tokens
    .map(({ type, content, children }) => (type === 'image' ? wordsOf(children ?? []) : type === 'softbreak' ? ' ' : content))
    .join('');
}

/** The index of the token that closes the one at `at`. */
function closing(tokens: readonly Token[], at: number): number {
  let depth = 0;
  for (let n = at; n < tokens.length; n++) {
    depth += tokens[n]?.nesting ?? 0;
    if (depth === 0) return n;
  }
  return tokens.length;
}

type Piece = ReactNode | { open: string; text: string };

function isOpening(piece: Piece): piece is { open: string; text: string } {
  return typeof piece === 'object' && piece !== null && 'open' in piece;
}

/** Tags that come in pairs become elements; a tag alone stays text. */
class Row {
  readonly #pieces: Piece[] = [];

  add(piece: Piece): void {
    this.#pieces.push(piece);
  }

  close(tag: string, text: string): void {
    const at = this.#pieces.findLastIndex((piece) => isOpening(piece) && piece.open === tag);
    if (at < 0) {
      this.add(text);
      return;
    }
    const within = this.#pieces.splice(at).slice(1);
    this.add(createElement(tag, { key: at }, ...within.map(asNode)));
  }

  nodes(): ReactNode[] {
    return this.#pieces.map(asNode);
  }
}

function asNode(piece: Piece): ReactNode {
  return isOpening(piece) ? piece.text : piece;
}

function text(content: string, isInLink: boolean, at: number): ReactNode[] {
  if (isInLink) return [content];
  return piecesOf(content).map((piece, n) => {
    const key = `${at}.${n}`;
    if (piece.kind === 'text') return piece.text;
    if (piece.kind === 'task') return <TaskKey key={key} text={piece.text} team={piece.team} number={piece.number} />;
    return link(piece.href, [piece.text], key);
  });
}

/** A link that would do nothing is shown as its text, with the address. */
function link(href: string, children: ReactNode[], key: string | number): ReactNode {
  const target = targetOf(href);
  if (target !== null) return <LinkTo key={key} target={target}>{children}</LinkTo>;
  const isItsAddress = children.length === 1 && children[0] === href;
  return (
    <Fragment key={key}>
      {children}
      {!isItsAddress && ` (${href})`}
    </Fragment>
  );
}

function attribute(token: Token, name: string): string {
  const value = token.attrGet(name);
  return value === null ? '' : String(value);
}

export function inlineNodes(tokens: readonly Token[], depth = 0, isInLink = false): ReactNode[] {
  const row = new Row();
  let words = '';
  const flush = (at: number) => {
    for (const node of text(words, isInLink, at)) row.add(node);
    words = '';
  };
  for (let n = 0; n < tokens.length; n++) {
    const token = tokens[n];
    if (token === undefined) continue;
    if (token.type === 'text' || token.type === 'text_special') {
      words += token.content;
      continue;
    }
    flush(n);
    const isTooDeep = depth >= MAX_DEPTH;
    if (token.nesting === 1 && !isTooDeep) {
      const end = closing(tokens, n);
      const isLink = token.type === 'link_open';
      const children = inlineNodes(tokens.slice(n + 1, end), depth + 1, isInLink || isLink);
      row.add(isLink ? link(attribute(token, 'href'), children, n) : createElement(BLOCKS[token.type] ?? 'span', { key: n }, ...children));
      n = end;
    } else if (token.type === 'tag_open') row.add({ open: token.tag, text: token.content });
    else if (token.type === 'tag_close') row.close(token.tag, token.content);
    else if (token.type === 'softbreak' || token.type === 'hardbreak') row.add(<br key={n} />);
    else if (token.type === 'code_inline') row.add(<code key={n}>{token.content}</code>);
    else if (token.type === 'image') row.add(image(token, n));
  }
  flush(tokens.length);
  return row.nodes();
}

/** The policy forbids images of other hosts, which would also tell them who reads what. */
function image(token: Token, key: number): ReactNode {
  const source = attribute(token, 'src');
  const name = wordsOf(token.children ?? []) || source;
  const isData = source.startsWith('data:');
  return (
    <Fragment key={key}>
      {isData ? name : link(source, [name], key)} <small className={css.note}>{t('markdown.image')}</small>
    </Fragment>
  );
}

function code(token: Token, key: number): ReactNode {
  const language = /^[\w+#.-]{1,40}/.exec(token.info.trim())?.[0];
  return (
    <div key={key} className={css.code}>
      {language !== undefined && <span className={css.language}>{language}</span>}
      {/* It scrolls, and must be reachable by key for that. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre dir="ltr" tabIndex={0} role="group" aria-label={t('markdown.code', { language: language ?? '' }).trim()}>
        <code className={language === undefined ? undefined : `language-${language}`}>{token.content}</code>
      </pre>
    </div>
  );
}

const TASK_BOX = /^\[([ xX])\](?:\s+|$)/;

/** The inline tokens of a list item that begins with a box, and the box. */
function boxOf(tokens: readonly Token[], start: number): Box | null {
  const inline = tokens[start + 2];
  if (tokens[start + 1]?.type !== 'paragraph_open' || inline?.type !== 'inline') return null;
  const box = TASK_BOX.exec(inline.content);
  if (box === null || inline.map === null) return null;
  return { line: inline.map[0], isChecked: box[1] !== ' ' };
}

/** Without the box itself, which is the first five characters or so of its first text. */
function afterBox(children: readonly Token[]): Token[] {
  const [first, ...rest] = children;
  if (first === undefined) return [];
  // "[ ]" may have come as several tokens of text.
  let missing = 3;
  const kept: Token[] = [];
  for (const token of [first, ...rest]) {
    if (missing > 0 && token.type.startsWith('text')) {
      const cut = Math.min(missing, token.content.length);
      missing -= cut;
      const left = token.content.slice(cut);
      kept.push(Object.assign(Object.create(Object.getPrototypeOf(token) as object) as Token, token, { content: missing === 0 ? left.trimStart() : left }));
    } else kept.push(token);
  }
  return kept;
}

function item(tokens: readonly Token[], start: number, end: number, context: Context, depth: number): ReactNode {
  const box = boxOf(tokens, start);
  const inside = tokens.slice(start + 1, end);
  if (box === null) return <li key={start}>{blockNodes(inside, context, depth + 1, true)}</li>;
  const inline = inside[1];
  const children = afterBox(inline?.children ?? []);
  const { onTick } = context;
  return (
    <li key={start} className={css.task}>
      <input
        type="checkbox"
        checked={box.isChecked}
        disabled={onTick === undefined}
        aria-label={wordsOf(children).trim() || t('markdown.box')}
        onChange={() => onTick?.({ ...box, isChecked: !box.isChecked })}
      />
      <div dir="auto">{inlineNodes(children)}</div>
      <div>{blockNodes(inside.slice(3), context, depth + 1, true)}</div>
    </li>
  );
}

function block(tokens: readonly Token[], at: number, end: number, context: Context, depth: number, isInItem: boolean): ReactNode {
  const token = tokens[at];
  if (token === undefined) return null;
  const inside = () => blockNodes(tokens.slice(at + 1, end), context, depth + 1);
  switch (token.type) {
    case 'bullet_list_open':
      return <ul key={at} dir="auto">{inside()}</ul>;
    case 'ordered_list_open':
      return <ol key={at} dir="auto" start={Number(token.attrGet('start') ?? 1)}>{inside()}</ol>;
    case 'list_item_open':
      return item(tokens, at, end, context, depth);
    case 'heading_open':
      // The page's own headings are above these.
      return createElement(`h${Math.min(6, Number(token.tag.slice(1)) + 3)}`, { key: at, dir: 'auto', 'data-level': token.tag.slice(1) }, ...inside());
    case 'details_open':
      return <details key={at} open={token.meta?.isOpen === true}>{inside()}</details>;
    case 'paragraph_open':
      if (token.hidden) return <Fragment key={at}>{inside()}</Fragment>;
      return <p key={at} {...(!isInItem && { dir: 'auto' })}>{inside()}</p>;
    case 'table_open':
      return (
        // It scrolls, and must be reachable by key for that.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <div key={at} className={css.tableBox} tabIndex={0} role="group" aria-label={t('markdown.table')}>
          <table>{inside()}</table>
        </div>
      );
    case 'summary_open': {
      const name = tokens[at + 1]?.content ?? '';
      return <summary key={at} dir="auto">{name === '' ? t('markdown.details') : inside()}</summary>;
    }
    default: {
      const tag = BLOCKS[token.type] ?? 'div';
      const align = /text-align:(\w+)/.exec(attribute(token, 'style'))?.[1];
      const props = { key: at, ...(OWN_DIRECTION.has(tag) && { dir: 'auto' }), ...(align !== undefined && { 'data-align': align }) };
      return createElement(tag, props, ...inside());
    }
  }
}

export function blockNodes(tokens: readonly Token[], context: Context, depth = 0, isInItem = false): ReactNode[] {
  const nodes: ReactNode[] = [];
  for (let n = 0; n < tokens.length; n++) {
    const token = tokens[n];
    if (token === undefined) continue;
    if (token.nesting === 1) {
      const end = closing(tokens, n);
      nodes.push(block(tokens, n, end, context, depth, isInItem));
      n = end;
    } else if (token.type === 'inline') nodes.push(...inlineNodes(token.children ?? []).map((node, m) => <Fragment key={`${n} ${m}`}>{node}</Fragment>));
    else if (token.type === 'fence' || token.type === 'code_block') nodes.push(code(token, n));
    else if (token.type === 'hr') nodes.push(<hr key={n} />);
    else if (token.type === 'plain') nodes.push(<div key={n} className={css.plain} dir="auto">{token.content}</div>);
  }
  return nodes;
}
