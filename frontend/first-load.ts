/** The JavaScript that is loaded before something is seen: which files it is in, and how large it may be. */
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

const SIGN_IN = fileURLToPath(new URL('./src/main.tsx', import.meta.url));
const BOARD = fileURLToPath(new URL('./src/shell/Workspace.tsx', import.meta.url));
const LIBRARIES = /node_modules\/(react|react-dom|scheduler|wouter|openapi-fetch|@tanstack\/(react-query|query-core))\//;
export const MOST_KIB = 160;

interface Modules {
  getModuleInfo: (id: string) => { importedIds: readonly string[] } | null;
}

function importedFrom(module: string, graph: Modules, all = new Set<string>()): Set<string> {
  if (all.has(module)) return all;
  all.add(module);
  for (const id of graph.getModuleInfo(module)?.importedIds ?? []) importedFrom(id, graph, all);
  return all;
}

/** A file of this name for all that `start` imports, other than by `import()`. */
function fileFor(start: string, name: string) {
  let modules: Set<string> | undefined;
  return (id: string, graph: Modules) => ((modules ??= importedFrom(start, graph)).has(id) ? name : null);
}

/** A file for what every screen needs and one for the board, instead of thirty; what comes later stays apart. */
export const firstFiles = [
  { name: 'vendor', test: LIBRARIES, priority: 2 },
  { name: fileFor(SIGN_IN, 'start'), debugName: 'start', priority: 1 },
  { name: fileFor(BOARD, 'page'), debugName: 'page', priority: 0 },
];

/** Fails the build when what is loaded before the first screen grows too large. */
export const sizeLimit: Plugin = {
  name: 'taskhub-size-limit',
  apply: 'build',
  generateBundle(_options, bundle) {
    const files = new Set<string>();
    const add = (file: string) => {
      const chunk = bundle[file];
      if (chunk?.type !== 'chunk' || files.has(file)) return;
      files.add(file);
      chunk.imports.forEach(add);
    };
    for (const chunk of Object.values(bundle)) {
      if (chunk.type === 'chunk' && (chunk.isEntry || chunk.moduleIds.includes(BOARD))) add(chunk.fileName);
    }
    let bytes = 0;
    for (const file of files) {
      const chunk = bundle[file];
      if (chunk?.type === 'chunk') bytes += gzipSync(chunk.code, { level: 9 }).length;
    }
    const kib = bytes / 1024;
    this.info(`JavaScript before the board: ${kib.toFixed(1)} KiB gzipped of ${MOST_KIB}, in ${files.size} files`);
    if (!(kib > 0 && kib <= MOST_KIB)) this.error(`More than ${MOST_KIB} KiB of JavaScript are loaded before the board: ${kib.toFixed(1)}.`);
  },
};
