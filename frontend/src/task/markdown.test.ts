import { describe, expect, it } from 'vitest';
import { renderMarkdown } from './markdown.ts';
import { XSS } from './xss.fixture.ts';

function rendered(source: string): HTMLElement {
  const element = document.createElement('div');
  element.innerHTML = renderMarkdown(source);
  return element;
}

describe('Markdown', () => {
  it('becomes HTML', () => {
    const html = rendered('# T\n\n**b** *i* ~~s~~ `c`\n\n- [x] done\n- [ ] open\n\n| a |\n|---|\n| 1 |\n\n[l](https://example.org)');
    for (const tag of ['h1', 'strong', 'em', 'del', 'code', 'ul', 'table']) expect(html.querySelector(tag)).not.toBeNull();
    expect([...html.querySelectorAll('input')].map((box) => [box.checked, box.disabled])).toEqual([
      [true, true],
      [false, true],
    ]);
    const link = html.querySelector('a');
    expect(link?.getAttribute('href')).toBe('https://example.org');
    expect(link?.rel).toBe('noopener noreferrer nofollow');
  });

  it('shows HTML as the text that it is', () => {
    expect(rendered('a <b>bold</b> <u>word</u>').textContent).toContain('<b>bold</b>');
  });

  it('turns pictures into links, which load nothing', () => {
    const html = rendered('![cat](https://example.org/cat.png)');
    expect(html.querySelector('img')).toBeNull();
    expect(html.querySelector('a')?.textContent).toBe('cat');
  });
});

const TAGS = new Set(
  'a b blockquote br code del em h1 h2 h3 h4 h5 h6 hr input li ol p pre s strong table tbody td th thead tr ul'.split(' '),
);
const ATTRIBUTES = new Set(['href', 'start', 'align', 'checked', 'disabled', 'type', 'rel', 'target', 'aria-label']);

describe('whatever is tried', () => {
  it.each(XSS)('%s', (vector) => {
    for (const source of [vector, `text ${vector} text`, `> - ${vector}`, `| a |\n|---|\n| ${vector} |`]) {
      for (const element of rendered(source).querySelectorAll('*')) {
        expect(TAGS).toContain(element.tagName.toLowerCase());
        for (const { name } of element.attributes) expect(ATTRIBUTES).toContain(name);
        const href = element.getAttribute('href');
        if (href !== null) expect(href).toMatch(/^(https?:|mailto:)/i);
      }
    }
  });
});
