/** What our Markdown adds to CommonMark, and the bounds of each rule. */
import type MarkdownIt from 'markdown-it';

type Parser = InstanceType<typeof MarkdownIt>;
export type Token = ReturnType<Parser['parse']>[number];
type BlockRule = Parameters<Parser['block']['ruler']['push']>[1];
type InlineRule = Parameters<Parser['inline']['ruler']['push']>[1];
type BlockState = Parameters<BlockRule>[0];
type InlineState = Parameters<InlineRule>[0];

/** Thrown when a text needs more than its budget. */
export class OverBudget extends Error {}

interface Budget {
  tokens: number;
  /** Characters that rules may look at ahead of where they are. */
  work: number;
  /** The clock is only the last resort: what is shown shouldn't depend on the speed of the machine. */
  deadline: number;
}

export interface BoundedEnv {
  budget: Budget;
  [key: string | symbol]: unknown;
}

const MAX_WORK = 20_000_000;
const MAX_MS = 400;

export function newBudget(tokens: number): Budget {
  return { tokens, work: MAX_WORK, deadline: performance.now() + MAX_MS };
}

function spend(state: { env: unknown }, work: number): void {
  const { budget } = state.env as BoundedEnv;
  budget.work -= work;
  if (budget.work < 0 || performance.now() > budget.deadline) throw new OverBudget();
}

/** Levels of quotes and lists (a list and its item are two); what lies deeper is shown as it was written. */
const MAX_DEPTH = 24;

/** Runs before every other rule of blocks. */
const bounds: BlockRule = (state, startLine, endLine, silent) => {
  if (silent) return false;
  const { budget } = state.env as unknown as BoundedEnv;
  spend(state, 100);
  if (state.tokens.length > budget.tokens) throw new OverBudget();
  if (state.level < MAX_DEPTH) return false;
  const token = state.push('plain', '', 0);
  token.map = [startLine, endLine];
  token.content = state.getLines(startLine, endLine, state.blkIndent, false);
  state.line = endLine;
  return true;
};

const MAX_COLUMNS = 100;

function lineText(state: BlockState, line: number): string {
  return state.src.slice((state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0), state.eMarks[line]);
}

/** A table of one rule's making may not be larger than all of a text may be. */
function bounded(table: BlockRule): BlockRule {
  return (state, startLine, endLine, silent) => {
    const columns = lineText(state, startLine).split('|', MAX_COLUMNS + 2).length - 1;
    if (columns > MAX_COLUMNS) return false;
    const { budget } = state.env as unknown as BoundedEnv;
    const rows = Math.ceil(budget.tokens / (3 * Math.max(columns, 1)));
    return table(state, startLine, Math.min(endLine, startLine + 2 + rows), silent);
  };
}

/** A quote looks at every line that may continue it, on every level again. */
function overLines(quote: BlockRule): BlockRule {
  return (state, startLine, endLine, silent) => {
    if (!silent && lineText(state, startLine).startsWith('>')) spend(state, (endLine - startLine) * 30);
    return quote(state, startLine, endLine, silent);
  };
}

/** A link looks ahead to its end. */
function lookingAhead(rule: InlineRule): InlineRule {
  return (state, silent) => {
    spend(state, state.posMax - state.pos);
    return rule(state, silent);
  };
}

const XML = /^<[/?!]?[a-z][\w:.-]*(?=[\s/>])/i;
const OURS = /^<\/?(?:kbd|sub|sup|br|details|summary)\b/i;

/** Lines of XML or HTML are shown as they were written, with their indentation. */
const markup: BlockRule = (state, startLine, endLine, silent) => {
  const first = lineText(state, startLine);
  if (silent || !XML.test(first) || OURS.test(first)) return false;
  let line = startLine + 1;
  while (line < endLine && !state.isEmpty(line) && (state.sCount[line] ?? 0) >= state.blkIndent) line++;
  const content = state.getLines(startLine, line, state.blkIndent, false);
  if (line === startLine + 1 || !content.trimEnd().endsWith('>')) return false;
  const token = state.push('plain', '', 0);
  token.map = [startLine, line];
  token.content = content;
  state.line = line;
  return true;
};

const OPEN = /^<details(\s+open)?\s*>/i;
const CLOSE = /<\/details>\s*$/i;
const SUMMARY = /^\s*<summary>(.*?)<\/summary>/i;

/** The line that closes the `<details>` of `startLine`; -1 if none does. */
function closingLine(state: BlockState, startLine: number, endLine: number): number {
  let depth = 0;
  for (let line = startLine; line < endLine; line++) {
    spend(state, 50);
    if (!state.isEmpty(line) && (state.sCount[line] ?? 0) < state.blkIndent) return -1;
    const text = lineText(state, line);
    if (OPEN.test(text)) depth++;
    if (CLOSE.test(text)) depth--;
    if (depth === 0) return line;
  }
  return -1;
}

/** Parses the part of a line that stands between tags, with the lines after it. */
function parseBetween(state: BlockState, from: number, to: number, skip: number, cut: number): void {
  const [bMark, tShift, sCount, eMark] = [state.bMarks[from], state.tShift[from], state.sCount[from], state.eMarks[to]];
  state.bMarks[from] = (bMark ?? 0) + (tShift ?? 0) + skip;
  state.tShift[from] = 0;
  state.eMarks[to] = (eMark ?? 0) - cut;
  const { lineMax, parentType } = state;
  state.lineMax = to + 1;
  state.md.block.tokenize(state, from, to + 1);
  Object.assign(state, { lineMax, parentType });
  [state.bMarks[from], state.tShift[from], state.sCount[from], state.eMarks[to]] = [bMark ?? 0, tShift ?? 0, sCount ?? 0, eMark ?? 0];
}

/** `<details>` with a `<summary>`, and Markdown within, as on GitHub. */
const details: BlockRule = (state, startLine, endLine, silent) => {
  const first = lineText(state, startLine);
  const open = OPEN.exec(first);
  if (open === null) return false;
  const close = closingLine(state, startLine, endLine);
  if (close < 0) return false;
  if (silent) return true;
  let from = startLine;
  let skip = open[0].length;
  // The summary is in this line or in the next.
  if (from < close && first.slice(skip).trim() === '') {
    from++;
    skip = 0;
  }
  const summary = SUMMARY.exec(lineText(state, from).slice(skip));
  if (summary !== null) skip += summary[0].length;
  const token = state.push('details_open', 'details', 1);
  token.map = [startLine, close + 1];
  token.meta = { isOpen: open[1] !== undefined };
  state.push('summary_open', 'summary', 1);
  const inline = state.push('inline', '', 0);
  inline.content = summary?.[1]?.trim() ?? '';
  inline.children = [];
  state.push('summary_close', 'summary', -1);
  const cut = CLOSE.exec(lineText(state, close))?.[0].length ?? 0;
  parseBetween(state, from, close, skip, cut);
  state.push('details_close', 'details', -1);
  state.line = close + 1;
  return true;
};

const TAG = /<(\/?)(kbd|sub|sup|br)\s*\/?>/iy;

/** The few tags that are shown as on GitHub, without attributes. Whether they come in pairs is for the drawing. */
const tag: InlineRule = (state, silent) => {
  if (state.src.charCodeAt(state.pos) !== 60) return false;
  TAG.lastIndex = state.pos;
  const match = TAG.exec(state.src);
  if (match === null || TAG.lastIndex > state.posMax) return false;
  if (!silent) {
    const name = (match[2] ?? '').toLowerCase();
    const token = state.push(name === 'br' ? 'hardbreak' : match[1] === '' ? 'tag_open' : 'tag_close', name, 0);
    token.content = match[0];
  }
  state.pos += match[0].length;
  return true;
};

const SCHEME = /(?<![a-z0-9])https?$/i;
const ADDRESS = /:\/\/[^\s<>]+/y;

/** The length of an address without the punctuation that ends the sentence around it. */
export function addressLength(text: string): number {
  let end = text.length;
  for (;;) {
    const last = text[end - 1] ?? '';
    if (/[?!.,:;*_~'"|\]}]/.test(last)) end--;
    else if (last === ')' && text.slice(0, end).split(')').length > text.slice(0, end).split('(').length) end--;
    else return end;
  }
}

/** An address in a text, before what is in it is taken for emphasis. */
const address: InlineRule = (state: InlineState, silent) => {
  if (state.linkLevel > 0 || !state.src.startsWith('://', state.pos)) return false;
  const scheme = SCHEME.exec(state.src.slice(Math.max(0, state.pos - 6), state.pos));
  ADDRESS.lastIndex = state.pos;
  const match = ADDRESS.exec(state.src.length > state.posMax ? state.src.slice(0, state.posMax) : state.src);
  if (scheme === null || match === null) return false;
  spend(state, match[0].length);
  const end = match[0].slice(0, addressLength(match[0].slice(0, 2_000)));
  if (end.length < 5) return false;
  if (!silent) {
    state.pending = state.pending.slice(0, -scheme[0].length);
    const open = state.push('link_open', 'a', 1);
    open.attrs = [['href', scheme[0] + end]];
    state.push('text', '', 0).content = scheme[0] + end;
    state.push('link_close', 'a', -1);
  }
  state.pos += end.length;
  return true;
};

function ruleOf(ruler: { getRules: (chain: string) => unknown[] }, name: string): unknown {
  const rules = (ruler as unknown as { __rules__: { name: string; fn: unknown }[] }).__rules__;
  return rules.find((rule) => rule.name === name)?.fn;
}

export function addRules(md: Parser): Parser {
  // Where a link leads is judged when it is drawn.
  md.validateLink = () => true;
  const { block, inline } = md;
  block.ruler.at('table', bounded(ruleOf(block.ruler, 'table') as BlockRule), { alt: ['paragraph', 'reference'] });
  const everywhere = ['paragraph', 'reference', 'blockquote', 'list'];
  block.ruler.at('blockquote', overLines(ruleOf(block.ruler, 'blockquote') as BlockRule), { alt: everywhere });
  block.ruler.before('table', 'bounds', bounds);
  block.ruler.before('fence', 'markup', markup);
  block.ruler.before('fence', 'details', details, { alt: ['paragraph', 'blockquote'] });
  inline.ruler.at('link', lookingAhead(ruleOf(inline.ruler, 'link') as InlineRule));
  inline.ruler.at('image', lookingAhead(ruleOf(inline.ruler, 'image') as InlineRule));
  inline.ruler.before('autolink', 'tag', tag);
  inline.ruler.before('newline', 'address', address);
  return md;
}
