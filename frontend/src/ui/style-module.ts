/**
 * Stands in for the package style-mod, through which CodeMirror adds its styles. On a document with a `<head>`, style-mod
 * injects a `<style>`, which our `style-src 'self'` forbids; for a shadow root it adopts a constructed style sheet,
 * which the policy allows. So it is given the document in the shape of a shadow root.
 */
import { StyleModule as Real } from 'style-mod';

type Root = Parameters<typeof Real.mount>[0];

const shapes = new WeakMap<object, Root>();

function withoutHead(root: Root): Root {
  if (!(root instanceof Document)) return root;
  const shape = shapes.get(root) ?? {
    ownerDocument: root,
    get adoptedStyleSheets() {
      return root.adoptedStyleSheets;
    },
    set adoptedStyleSheets(sheets: CSSStyleSheet[]) {
      root.adoptedStyleSheets = sheets;
    },
  };
  shapes.set(root, shape as Root);
  return shape as Root;
}

export class StyleModule extends Real {
  static override mount(...[root, modules, options]: Parameters<typeof Real.mount>): void {
    Real.mount(withoutHead(root), modules, options);
  }
}
