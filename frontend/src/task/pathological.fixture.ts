/** Texts of 64 KiB that are slow to parse, or large to draw, for a renderer without bounds. */
const SIZE = 65_536;

function filled(part: string): string {
  return part.repeat(Math.floor(SIZE / part.length));
}

function steps(count: number, line: (n: number) => string): string {
  return Array.from({ length: count }, (_, n) => line(n)).join('\n').slice(0, SIZE);
}

export const PATHOLOGICAL: Record<string, string> = {
  'quotes and lists, 6 KB': '> - '.repeat(1_500),
  'quotes and lists': filled('> - '),
  'quotes': filled('>'),
  'deeper quotes': steps(350, (n) => `${'>'.repeat(n)}a`),
  'a deep quote and lazy lines': `${'> '.repeat(90)}a\n${filled('b\n').slice(200)}`,
  'a deep list and lazy lines': `${'- '.repeat(45)}a\n${filled('b\n').slice(200)}`,
  'deeper lists': steps(250, (n) => `${'  '.repeat(n)}- a`),
  'lists in one line': steps(250, (n) => `${'- '.repeat(n)}a`),
  'ordered lists': filled('1. '),
  'two lists in turn': filled('1) a\n2. b\n'),
  'quote and list in turn': filled('> a\n- b\n'),
  'rules or lists': filled('* _ '),
  'underscores': filled('_a'),
  'stars': filled('**a'),
  'stars and spaces': filled('**a '),
  'mixed stars': filled('a**b**c*d*'),
  'nested emphasis': `${'*a '.repeat(10_000)}${'a* '.repeat(10_000)}`,
  'tildes': filled('~~a'),
  'brackets': filled('['),
  'closed brackets': `${'['.repeat(SIZE / 2)}${']'.repeat(SIZE / 2)}`,
  'pairs of brackets': filled('[a]'),
  'references to nothing': filled('[a][b'),
  'links': filled('[a](b)'),
  'links without an end': filled('[a]('),
  'links in angles': filled('[a](<b'),
  'titles without an end': filled('[a](b "'),
  'pictures': filled('!['),
  'pictures of brackets': filled('![['),
  'pictures in paragraphs': filled(`${'[a]('.repeat(2_000)}\n\n`),
  'backticks': filled('`a'),
  'more backticks': steps(350, (n) => `${'`'.repeat(n)}a`),
  'fences': filled('> ```\n'),
  'angles': filled('<'),
  'tags': filled('<a '),
  'addresses': filled('<http://a '),
  'bare addresses': filled('http://'),
  'mails': filled('a@'),
  'letters': 'a'.repeat(SIZE),
  'entities': filled('&amp;'),
  'half entities': filled('&a'),
  'backslashes': filled('\\'),
  'a table of 10,000 columns': ['a|', '-|', 'b|'].map((cell) => `|${cell.repeat(10_000)}`).join('\n'),
  'a table of empty rows': `|${'a|'.repeat(90)}\n|${'-|'.repeat(90)}\n${filled('|\n')}`.slice(0, SIZE),
  'many tables': filled('|a|b|\n|-|-|\n|c|d|\n\n'),
  'references': steps(3_000, (n) => `[a${n}]: /u${n}`),
  'a long reference, often': `[a]: /${'u'.repeat(30_000)}\n\n${'[a]'.repeat(10_000)}`,
  'references without an end': filled('[a]: b "\n'),
  'headings': filled('# a\n'),
  'underlined headings': filled('a\n=\n'),
  'rules': filled('---\n'),
  'lines': filled('a\n'),
  'empty lines': filled('\n'),
  'details': filled('<details>\n'),
  'nested details': `${'<details>\n'.repeat(3_200)}${'</details>\n'.repeat(2_900)}`,
  'boxes': filled('- [ ] a\n'),
  'prose': filled('Some **bold** and _it_ and `code` with [link](https://example.org/a) text, 1 < 2 & so on.\n- item one\n- [ ] item two\n\nAn OPS-1 paragraph\n\n'),
};
