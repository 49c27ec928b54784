import react from '@vitejs/plugin-react';
import { readFileSync, writeFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { PAGE_HEADERS } from './csp.ts';
import { firstFiles, rootFiles, sizeLimit } from './first-load.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Where a running TaskHub answers, for `dev` and `preview`: the API and the page are then on one origin. */
const api = process.env.TASKHUB_API ?? 'http://127.0.0.1:18080';
const proxy = { '/api': { target: api } };

/** `dist/headers.json`: what whoever serves the page sends with it. The gateway reads it, and sends nobody the file. */
const headersFile: Plugin = {
  name: 'taskhub-headers',
  apply: 'build',
  generateBundle() {
    this.emitFile({ type: 'asset', fileName: 'headers.json', source: JSON.stringify(PAGE_HEADERS, null, 2) });
  },
};

/** Beside each text a `.br` and a `.gz`, which whoever serves the page sends to those who take them. */
const compressedFiles: Plugin = {
  name: 'taskhub-compressed-files',
  apply: 'build',
  writeBundle({ dir }) {
    if (dir === undefined) return;
    for (const name of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
      if (!/\.(html|js|css|svg|webmanifest)$/.test(name)) continue;
      const file = `${dir}/${name}`;
      const content = readFileSync(file);
      const best = { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } };
      writeFileSync(`${file}.br`, brotliCompressSync(content, best));
      writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
    }
  },
};

/** The Latin letters are on every screen: their file is asked for with the page instead of after its style sheet. */
const preloadedFont: Plugin = {
  name: 'taskhub-preloaded-font',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler: (_html, { bundle = {} }) =>
      Object.keys(bundle)
        .filter((file) => /inter-latin-wght-normal.*\.woff2$/.test(file))
        .map((file) => ({
          tag: 'link',
          attrs: { rel: 'preload', href: `/${file}`, as: 'font', type: 'font/woff2', crossorigin: true },
          injectTo: 'head' as const,
        })),
  },
};

/** What every first screen imports is asked for with the page instead of after the script that starts it. */
const preloadedRoot: Plugin = {
  name: 'taskhub-preloaded-root',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler: (_html, { bundle = {} }) =>
      rootFiles(bundle).map((file) => ({
        tag: 'link',
        attrs: { rel: 'modulepreload', href: `/${file}`, crossorigin: true },
        injectTo: 'head' as const,
      })),
  },
};

const styleModule = here('./src/ui/style-module.ts');

/** CodeMirror's `style-mod` injects a `<style>`, which `style-src 'self'` forbids; see the file that stands in for it. */
const adoptedStyles: Plugin = {
  name: 'taskhub-adopted-styles',
  enforce: 'pre',
  resolveId: (source, importer) => (source === 'style-mod' && importer !== styleModule ? styleModule : null),
};

export default defineConfig({
  plugins: [react(), headersFile, compressedFiles, preloadedRoot, preloadedFont, adoptedStyles, sizeLimit],
  resolve: {
    alias: {
      // 60 KiB for the colours of HTML within Markdown.
      '@codemirror/lang-html': here('./src/task/no-html-language.ts'),
      // Its scroll lock injects a <style>, which `style-src 'self'` forbids; see the file for why we need none.
      'react-remove-scroll': here('./src/ui/no-scroll-lock.tsx'),
    },
  },
  build: {
    target: 'es2022',
    manifest: true,
    assetsInlineLimit: 0,
    // Browsers without modulepreload load a little later.
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups: firstFiles } } },
  },
  server: { proxy },
  // The name under which the tests open the page on plain http.
  preview: { proxy, headers: PAGE_HEADERS, allowedHosts: ['taskhub.test'] },
  test: {
    environment: 'jsdom',
    environmentOptions: { jsdom: { url: 'http://localhost/' } },
    setupFiles: ['src/testing.setup.ts'],
    include: ['src/**/*.test.{ts,tsx}'],
  },
});
