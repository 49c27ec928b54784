/** Where a link of a text may lead, and the addresses and tasks that a text names without making them links. */
import { addressLength } from './markdown-rules.ts';

export type Target = { kind: 'page'; href: string; path: string } | { kind: 'out'; href: string };

const SCHEMES = ['http:', 'https:', 'mailto:', 'tel:'];

/** Null for what would do nothing, or harm. */
export function targetOf(href: string): Target | null {
  const address = href.trim();
  const hasScheme = /^(?:https?|mailto|tel):/i.test(address);
  if (!hasScheme && !address.startsWith('/')) return null;
  let url: URL;
  try {
    url = new URL(address, location.origin);
  } catch {
    return null;
  }
  if (!SCHEMES.includes(url.protocol)) return null;
  if (url.origin !== location.origin) return { kind: 'out', href: url.href };
  if (url.pathname.startsWith('/api/')) return null;
  return { kind: 'page', href: url.href, path: url.pathname + url.search + url.hash };
}

export type Piece =
  | { kind: 'text'; text: string }
  | { kind: 'link'; text: string; href: string }
  | { kind: 'task'; text: string; team: string; number: number };

const MAIL_CHARACTERS = /[\w.+-]/;
const FOUND = /(?<![\w@./-])www\.[^\s<>]+|(?<![\w/-])([A-Z][A-Z0-9]{0,9})-([1-9]\d{0,8})(?![\w-])|@/g;
const DOMAIN = /^@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,6}/i;
const MAX_LOCAL_PART = 64;

/** The mail address around the `@` at `at`; null if there is none. */
function mailAround(text: string, at: number, from: number): { start: number; end: number } | null {
  let start = at;
  while (start > from && at - start < MAX_LOCAL_PART && MAIL_CHARACTERS.test(text[start - 1] ?? '')) start--;
  const domain = DOMAIN.exec(text.slice(at, at + 300))?.[0].replace(/[.-]+$/, '');
  if (start === at || domain?.includes('.') !== true) return null;
  return { start, end: at + domain.length };
}

/** A text in pieces: `www.` and mail addresses, and keys of tasks, such as OPS-42. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let done = 0;
  const add = (start: number, end: number, piece: Piece) => {
    if (start > done) pieces.push({ kind: 'text', text: text.slice(done, start) });
    pieces.push(piece);
    done = end;
  };
  for (const match of text.matchAll(FOUND)) {
    const { index, 0: found, 1: team, 2: number } = match;
    if (index < done) continue;
    if (team !== undefined) {
      add(index, index + found.length, { kind: 'task', text: found, team: team.toLowerCase(), number: Number(number) });
    } else if (found === '@') {
      const mail = mailAround(text, index, done);
      if (mail === null) continue;
      const address = text.slice(mail.start, mail.end);
      add(mail.start, mail.end, { kind: 'link', text: address, href: `mailto:${address}` });
    } else {
      const address = found.slice(0, addressLength(found.slice(0, 2_000)));
      if (address.length > 4) add(index, index + address.length, { kind: 'link', text: address, href: `https://${address}` });
    }
  }
  if (done < text.length) pieces.push({ kind: 'text', text: text.slice(done) });
  return pieces;
}
