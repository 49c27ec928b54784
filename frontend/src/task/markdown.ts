/**
 * Markdown to HTML that is safe to put on a page. Two locks, each enough by itself: HTML in the source is never passed
 * on as HTML, and what comes out goes through DOMPurify with a short list of what may stay.
 */
import DOMPurify from 'dompurify';
import { Marked, type Tokens } from 'marked';

function escape(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (char) => entities[char] ?? '');
}

const marked = new Marked({
  gfm: true,
  breaks: true,
  async: false,
  renderer: {
    html: ({ text }: Tokens.HTML | Tokens.Tag) => escape(text),
    // Pictures of other hosts are forbidden by our policy, and would tell them who reads what.
    image: ({ href, text }: Tokens.Image) => `<a href="${escape(href)}">${escape(text || href)}</a>`,
  },
});

const TAGS = [
  ...['a', 'b', 'blockquote', 'br', 'code', 'del', 'em', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'hr', 'input', 'li', 'ol'],
  ...['p', 'pre', 's', 'strong', 'table', 'tbody', 'td', 'th', 'thead', 'tr', 'ul'],
];
const ATTRIBUTES = ['href', 'start', 'align', 'checked', 'disabled', 'type'];

const purify = DOMPurify(window);

purify.addHook('afterSanitizeAttributes', (node) => {
  if (node.tagName === 'A') {
    if (!node.hasAttribute('href')) return;
    node.setAttribute('rel', 'noopener noreferrer nofollow');
    node.setAttribute('target', '_blank');
  }
  // Of inputs, only the boxes of task lists; they show, and can't be ticked.
  if (node.tagName === 'INPUT') {
    if (node.getAttribute('type') !== 'checkbox') {
      node.remove();
      return;
    }
    node.setAttribute('disabled', '');
    node.setAttribute('aria-label', node.hasAttribute('checked') ? '☑' : '☐');
  }
});

/** Safe HTML; a `TrustedHTML` where the browser knows those. */
export function renderMarkdown(source: string): string {
  const clean = purify.sanitize(marked.parse(source) as string, {
    ALLOWED_TAGS: TAGS,
    ALLOWED_ATTR: ATTRIBUTES,
    // Theirs are no addresses, and not to be held against the expression below.
    ADD_URI_SAFE_ATTR: ['align', 'checked', 'disabled', 'start', 'type'],
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    ALLOWED_URI_REGEXP: /^(?:https?:|mailto:)/i,
    RETURN_TRUSTED_TYPE: true,
  });
  // React takes a TrustedHTML as it is, though its types say string.
  return clean as unknown as string;
}
