/** The texts of the page, from the catalogue: with placeholders, and by the plural rules of its language. */
import { isolated } from './bidi.ts';
import en from './en.json';
import { number } from './formats.ts';

/** The language of the catalogue. */
export const LANGUAGE = 'en';

type Plural = 'zero' | 'one' | 'other';
type KeysOf<Texts, Path extends string = ''> = {
  [Name in keyof Texts & string]: Texts[Name] extends string
    ? `${Path}${Name extends `${infer Text}_${Plural}` ? Text : Name}`
    : KeysOf<Texts[Name], `${Path}${Name}.`>;
}[keyof Texts & string];

/** A key of the catalogue, such as `common.close`; that of a plural is without its suffix. */
export type TextKey = KeysOf<typeof en>;

/** What placeholders stand for. `count` also chooses the plural. */
export type Values = Readonly<Record<string, unknown>>;

/** A text in pieces: between two of them stands a placeholder. */
type Pieces = readonly (string | { name: string; isNumber: boolean })[];

const PLACEHOLDER = /{{\s*(\w+)(,\s*number)?\s*}}/g;
const plurals = new Intl.PluralRules(LANGUAGE);
const texts = new Map<string, string>();
const parsed = new Map<string, Pieces>();

function collect(catalogue: object, path: string): void {
  for (const [name, text] of Object.entries(catalogue) as [string, string | object][]) {
    if (typeof text === 'string') texts.set(path + name, text);
    else collect(text, `${path}${name}.`);
  }
}
collect(en, '');

function parse(text: string): Pieces {
  const pieces: (string | { name: string; isNumber: boolean })[] = [];
  let end = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    pieces.push(text.slice(end, match.index), { name: match[1] ?? '', isNumber: match[2] !== undefined });
    end = match.index + match[0].length;
  }
  return [...pieces, text.slice(end)];
}

/** The key of the plural for `count`; a text for none at all is optional. */
function keyFor(key: string, count: unknown): string {
  if (typeof count !== 'number' || texts.has(key)) return key;
  return count === 0 && texts.has(`${key}_zero`) ? `${key}_zero` : `${key}_${plurals.select(count)}`;
}

/** React escapes markup; what is left is a name that would turn the words around it. */
function valueOf(value: unknown, isNumber: boolean): string {
  if (typeof value === 'number') return isNumber ? number(value) : String(value);
  return typeof value === 'string' ? isolated(value) : '';
}

/** The text of `key`; the key itself where the catalogue has none. */
export function t(key: TextKey, values: Values = {}): string {
  const found = keyFor(key, values.count);
  let pieces = parsed.get(found);
  if (pieces === undefined) parsed.set(found, (pieces = parse(texts.get(found) ?? key)));
  if (pieces.length === 1) return pieces[0] as string;
  return pieces.map((piece) => (typeof piece === 'string' ? piece : valueOf(values[piece.name], piece.isNumber))).join('');
}

const TRANSLATION = { t };

/** For components, so that the language may one day change while they are shown. */
export function useTranslation(): { t: typeof t } {
  return TRANSLATION;
}
