/**
 * Markdown to tokens, within bounds: no text costs more than a few milliseconds, and none of it is lost. What exceeds
 * a bound is returned as `rest` and shown as plain text. `MarkdownNodes.tsx` makes React elements of the tokens, so
 * no HTML is ever parsed.
 */
import MarkdownIt from 'markdown-it';
import { addRules, newBudget, OverBudget, type BoundedEnv, type Token } from './markdown-rules.ts';

export interface Parsed {
  tokens: Token[];
  /** The end of the text, from the first block that exceeded a bound; null when all of it was parsed. */
  rest: string | null;
}

/** Characters. The API accepts at most 64 KiB. */
const MAX_LENGTH = 65_536;
/** An element has two tokens, so this allows about 2,500 elements. */
export const MAX_TOKENS = 5_000;
/** Characters of one paragraph or cell. Finding links costs the square of it; longer ones are parsed by line. */
const MAX_INLINE = 8_192;

const md = addRules(new MarkdownIt({ html: false, breaks: true, linkify: false }));

/** Each block at the top level with all that is in it; what isn't closed at the end is left out. */
function* topBlocks(tokens: readonly Token[]): Generator<Token[]> {
  let start = 0;
  let depth = 0;
  for (const [n, { nesting }] of tokens.entries()) {
    depth += nesting;
    if (depth > 0) continue;
    yield tokens.slice(start, n + 1);
    start = n + 1;
  }
}

function inlineTokens(content: string, env: BoundedEnv): Token[] {
  const children: Token[] = [];
  if (content.length <= MAX_INLINE) {
    md.inline.parse(content, md, env, children);
    return children;
  }
  for (const line of content.split('\n')) {
    const found: Token[] = [];
    if (line.length > MAX_INLINE) throw new OverBudget();
    md.inline.parse(line, md, env, found);
    if (children.length > 0) children.push(new MarkdownIt.Token('softbreak', 'br', 0));
    children.push(...found);
    if (children.length > MAX_TOKENS) throw new OverBudget();
  }
  return children;
}

/** Runs `work`; gives whether it stayed within the budget. */
function withinBudget(work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (error instanceof OverBudget) return false;
    throw error;
  }
}

export function normalized(text: string): string {
  return text.replace(/\r\n?/g, '\n').replaceAll('\0', '\uFFFD');
}

export function parseMarkdown(text: string): Parsed {
  const source = normalized(text);
  if (source.length > MAX_LENGTH) return { tokens: [], rest: source };
  const env: BoundedEnv = { budget: newBudget(MAX_TOKENS) };
  const found: Token[] = [];
  let isWhole = withinBudget(() => md.block.parse(source, md, env, found));
  const tokens: Token[] = [];
  let line = 0;
  let count = 0;
  for (const block of topBlocks(found)) {
    const isParsed = withinBudget(() => {
      for (const token of block) {
        if (token.type === 'inline') token.children = inlineTokens(token.content, env);
        count += 1 + (token.children?.length ?? 0);
      }
    });
    isWhole &&= isParsed && count <= MAX_TOKENS;
    if (!isParsed || count > MAX_TOKENS) break;
    tokens.push(...block);
    line = block[0]?.map?.[1] ?? line;
  }
  return { tokens, rest: isWhole ? null : source.split('\n').slice(line).join('\n') };
}

/** The words of a text in one line, without its marks: for excerpts. */
export function plainLine(text: string): string {
  const { tokens, rest } = parseMarkdown(text);
  const words = tokens.flatMap(({ children, content }) => children?.map((child) => (child.type === 'softbreak' ? ' ' : child.content)).join('') ?? content);
  return [...words, rest ?? ''].join(' ').replace(/\s+/g, ' ').trim();
}
