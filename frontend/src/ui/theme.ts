import { createStore } from './store.ts';

export type Theme = 'system' | 'light' | 'dark';

const KEY = 'taskhub.theme';

function read(): Theme {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === 'light' || kept === 'dark' ? kept : 'system';
  } catch {
    return 'system';
  }
}

export const theme = createStore<Theme>(read());

/** The colours of the browser's own frame by scheme, as `index.html` has them. */
const FRAME = { light: '#f7f7f9', dark: '#0d0e10' };

function show(next: Theme): void {
  theme.set(next);
  if (next === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
    const scheme = meta.media.includes('dark') ? 'dark' : 'light';
    meta.content = FRAME[next === 'system' ? scheme : next];
  }
}

// Another tab has chosen.
addEventListener('storage', ({ key }) => {
  if (key === KEY || key === null) show(read());
});

/** Sets the theme and keeps it; `public/theme.js` puts it on the page before the first paint of the next visit. */
export function setTheme(next: Theme): void {
  show(next);
  try {
    if (next === 'system') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, next);
  } catch {
    // Storage is closed to us: the choice holds for this visit.
  }
}

const prefersDark = matchMedia('(prefers-color-scheme: dark)');

export function isDark(): boolean {
  const now = theme.get();
  return now === 'system' ? prefersDark.matches : now === 'dark';
}

/** Calls back whenever what `isDark` says may have changed. */
export function onThemeChange(listener: () => void): () => void {
  const stop = theme.subscribe(listener);
  prefersDark.addEventListener('change', listener);
  return () => {
    stop();
    prefersDark.removeEventListener('change', listener);
  };
}
