/** Stands in for @codemirror/lang-html, which lang-markdown needs for HTML in a text: ours is plain text. */
import { LanguageSupport, StreamLanguage } from '@codemirror/language';

const plain = StreamLanguage.define({
  name: 'html',
  token: (stream) => {
    stream.skipToEnd();
    return null;
  },
});

export function html(): LanguageSupport {
  return new LanguageSupport(plain);
}

export function htmlCompletionSource(): null {
  return null;
}
