import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, describe, expect, it, vi } from 'vitest';
import Markdown from './Markdown.tsx';
import { MAX_TOKENS, parseMarkdown, plainLine } from './markdown.ts';
import { PATHOLOGICAL } from './pathological.fixture.ts';
import { NAUGHTY } from './naughty.fixture.ts';
import { XSS } from './xss.fixture.ts';

const cleanups: (() => void)[] = [];
afterEach(() => cleanups.splice(0).forEach((clean) => clean()));

function rendered(source: string, onTick?: (box: { line: number; isChecked: boolean }) => void): HTMLElement {
  const element = document.createElement('div');
  const root = createRoot(element);
  const client = new QueryClient();
  client.setQueryData(['teams'], [{ key: 'ops' }]);
  act(() =>
    root.render(
      <QueryClientProvider client={client}>
        <Markdown source={source} {...(onTick && { onTick })} />
      </QueryClientProvider>,
    ),
  );
  cleanups.push(() => act(() => root.unmount()));
  return element;
}

const hrefs = (html: HTMLElement) => [...html.querySelectorAll('a')].map((link) => link.getAttribute('href'));

describe('Markdown', () => {
  it('becomes elements', () => {
    const html = rendered('# T\n\n**b** *i* ~~s~~ `c`\n\n- [x] done\n- [ ] open\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n[l](https://example.org)');
    for (const tag of ['h4', 'strong', 'em', 'del', 'code', 'ul', 'table']) expect(html.querySelector(tag), tag).not.toBeNull();
    expect([...html.querySelectorAll('input')].map((box) => [box.checked, box.disabled, box.ariaLabel ?? box.getAttribute('aria-label')])).toEqual([
      [true, true, 'done'],
      [false, true, 'open'],
    ]);
    expect(html.querySelector('td[data-align=right]')?.textContent).toBe('2');
    const link = html.querySelector('a');
    expect(link?.getAttribute('href')).toBe('https://example.org/');
    expect(link?.rel).toBe('noopener noreferrer nofollow');
    expect(link?.target).toBe('_blank');
  });

  it('shows HTML as the text that it is', () => {
    expect(rendered('a <b>bold</b> <u>word</u>').textContent).toContain('<b>bold</b>');
  });

  it('keeps the lines and the indentation of pasted XML', () => {
    const text = '<config>\n  <a b="*c*"/>\n</config>';
    expect(rendered(text).textContent).toBe(text);
    expect(rendered(`Look:\n\n${text}`).textContent).toContain(text);
  });

  it('knows the tags that people use, in pairs', () => {
    const html = rendered('<kbd>Ctrl</kbd> H<sub>2</sub>O x<sup>**2**</sup> a<br>b <kbd>alone **x</kbd>**');
    expect([...html.querySelectorAll('kbd, sub, sup')].map((one) => one.textContent)).toEqual(['Ctrl', '2', '2']);
    expect(html.querySelector('sup strong')).not.toBeNull();
    expect(html.querySelector('br')).not.toBeNull();
    expect(html.textContent).toContain('<kbd>alone');
  });

  it('folds details', () => {
    const html = rendered('<details>\n<summary>More **here**</summary>\n\n- one\n- [ ] two\n\n<details><summary>Inner</summary>text</details>\n</details>\n\nafter');
    const details = html.querySelector('details');
    expect(details?.querySelector('summary strong')?.textContent).toBe('here');
    expect(details?.querySelectorAll('li')).toHaveLength(2);
    expect(details?.querySelector('details')?.textContent).toBe('Innertext');
    expect(html.querySelector(':scope > div > p:last-child')?.textContent).toBe('after');
    expect(rendered('<details>\nnever closed').textContent).toContain('<details>');
  });

  it('keeps the language of code', () => {
    const html = rendered('```rust,ignore x\nfn main() {}\n```');
    expect(html.querySelector('code')?.className).toBe('language-rust');
    expect(html.querySelector('code')?.textContent).toBe('fn main() {}\n');
  });

  it('nests check lists', () => {
    const html = rendered('- [ ] outer\n  - [x] inner\n    - [ ] innermost\n- [ ] second');
    expect(html.querySelectorAll('li li li')).toHaveLength(1);
    expect([...html.querySelectorAll('input')].map((box) => box.getAttribute('aria-label'))).toEqual(['outer', 'inner', 'innermost', 'second']);
  });

  it('tells which box was ticked', () => {
    const onTick = vi.fn();
    const html = rendered('text\n\n1. [ ] one\n   - [X] two', onTick);
    const boxes = html.querySelectorAll('input');
    act(() => boxes[0]?.click());
    act(() => boxes[1]?.click());
    expect(onTick.mock.calls).toEqual([[{ line: 2, isChecked: true }], [{ line: 3, isChecked: false }]]);
  });

  it('turns pictures into links, which load nothing', () => {
    const html = rendered('![cat](https://example.org/cat.png)');
    expect(html.querySelector('img')).toBeNull();
    expect(html.querySelector('a')?.textContent).toBe('cat');
    expect(html.textContent).toContain('not shown');
  });
});

describe('links', () => {
  it('lead where they should', () => {
    const html = rendered('[m](mailto:a@b.example) [t](tel:+491234) https://x.example/a_b_c?d=(e). www.y.example, me@z.example <https://w.example>');
    expect(hrefs(html)).toEqual([
      'mailto:a@b.example',
      'tel:+491234',
      'https://x.example/a_b_c?d=(e)',
      'https://www.y.example/',
      'mailto:me@z.example',
      'https://w.example/',
    ]);
  });

  it('to pages of TaskHub stay in the tab', () => {
    const html = rendered(`[own](/t/ops/board?task=1) ${location.origin}/inbox OPS-42 XYZ-1 \`OPS-1\``);
    expect(hrefs(html)).toEqual(['/t/ops/board?task=1', '/inbox', '/t/ops/board?task=42'].map((path) => location.origin + path));
    expect([...html.querySelectorAll('a')].map((link) => link.target)).toEqual(['', '', '']);
  });

  it.each([
    ['[x](javascript:alert(1))', 'x (javascript:alert(1))'],
    ['[x](notes.md)', 'x (notes.md)'],
    ['[x](#part)', 'x (#part)'],
    ['[x](/api/v1/auth/logout)', 'x (/api/v1/auth/logout)'],
    ['[x](file:///etc/passwd)', 'x (file:///etc/passwd)'],
    ['<javascript:alert(1)>', 'javascript:alert(1)'],
  ])('%s would do nothing: it is shown as text', (source, shown) => {
    const html = rendered(source);
    expect(html.querySelector('a')).toBeNull();
    expect(html.textContent).toBe(shown);
  });
});

const TAGS = new Set(
  'a b blockquote br code del details div em h4 h5 h6 hr input kbd li ol p pre small span strong sub summary sup table tbody td th thead tr ul'.split(' '),
);
const ATTRIBUTES = new Set('aria-label checked class data-align data-level dir disabled href open rel role start tabindex target type'.split(' '));

describe('whatever is tried', () => {
  it.each([...XSS, ...NAUGHTY])('%s', (vector) => {
    for (const source of [vector, `text ${vector} text`, `> - ${vector}`, `| a |\n|---|\n| ${vector} |`, `<details>\n${vector}\n</details>`]) {
      for (const element of rendered(source).querySelectorAll('*')) {
        expect(TAGS).toContain(element.tagName.toLowerCase());
        for (const { name } of element.attributes) expect(ATTRIBUTES).toContain(name);
        const href = element.getAttribute('href');
        if (href !== null) expect(href).toMatch(/^(https?:|mailto:|tel:)/i);
      }
    }
  });
});

describe('bounds', () => {
  it.each(Object.entries(PATHOLOGICAL))('%s is parsed within them', (_, source) => {
    const { tokens, rest } = parseMarkdown(source);
    const count = tokens.reduce((sum, { children }) => sum + 1 + (children?.length ?? 0), 0);
    expect(count).toBeLessThanOrEqual(MAX_TOKENS);
    let depth = 0;
    for (const { nesting } of tokens) {
      depth += nesting;
      expect(depth).toBeLessThan(40);
    }
    if (rest === null) return;
    expect(source.replace(/\r\n?/g, '\n')).toContain(rest);
  });

  it('lose no text', () => {
    const html = rendered(`${'> - '.repeat(1_500)}deep`);
    expect(html.textContent).toContain('deep');
    const long = rendered(`first\n\n${'*a* '.repeat(15_000)}last`);
    expect(long.textContent).toMatch(/^first/);
    expect(long.textContent).toMatch(/last$/);
  });
});

it('gives the words without the marks for an excerpt', () => {
  expect(plainLine('# Plan\n\nI can do **invitations**, see `docs/` and [this](https://example.org).\n\n- one\n- two\n\n```sh\n./up\n```')).toBe(
    'Plan I can do invitations, see docs/ and this. one two ./up',
  );
  expect(plainLine('cut in the **mid')).toBe('cut in the **mid');
  expect(plainLine(`${'> '.repeat(3_000)}deep`)).toContain('deep');
});
