/** The JavaScript that is loaded before something is seen: which files it is in, and how large it may be. */
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Plugin, Rolldown } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Where each file of the first screens begins. */
const START = here('./src/main.ts');
const ROOT = here('./src/root.tsx');
const SIGN_IN = here('./src/auth/Welcome.tsx');
const BOARD = here('./src/shell/SignedIn.tsx');
const CLIENT = here('./src/api/client.ts');
const QUERIES = here('./src/api/queryClient.ts');
const LIBRARIES = /node_modules\/(react|react-dom|scheduler|wouter)\//;
const QUERY_LIBRARIES = /node_modules\/(openapi-fetch|@tanstack\/(react-query|query-core))\//;

export const MOST_KIB = 160;
export const MOST_KIB_SIGN_IN = 96;

const SCREENS = [
  ['signing in', SIGN_IN, MOST_KIB_SIGN_IN],
  ['the board', BOARD, MOST_KIB],
] as const;

interface Modules {
  getModuleInfo: (id: string) => { importedIds: readonly string[] } | null;
}

function importedFrom(module: string, graph: Modules, all = new Set<string>()): Set<string> {
  if (all.has(module)) return all;
  all.add(module);
  for (const id of graph.getModuleInfo(module)?.importedIds ?? []) importedFrom(id, graph, all);
  return all;
}

/** Whether `start` imports a module, other than by `import()`. */
function importedBy(start: string) {
  let modules: Set<string> | undefined;
  return (id: string, graph: Modules) => (modules ??= importedFrom(start, graph)).has(id);
}

const ofStart = importedBy(START);
const ofRoot = importedBy(ROOT);
const ofSignIn = importedBy(SIGN_IN);
const ofBoard = importedBy(BOARD);
const ofClient = importedBy(CLIENT);
const ofQueries = importedBy(QUERIES);

/**
 * A file for each step to a first screen instead of thirty: `start` asks for the session, `root` is what every screen
 * needs, then follows `sign-in`, or `api` and the board's `page`. What comes later stays apart.
 */
const steps: [name: string, has: (id: string, graph: Modules) => boolean][] = [
  ['react', (id) => LIBRARIES.test(id)],
  // With the styles of signing in: another file would have to be waited for.
  ['start', (id, graph) => ofStart(id, graph) || (id.endsWith('.css') && (ofRoot(id, graph) || ofSignIn(id, graph)))],
  ['root', (id, graph) => ofRoot(id, graph) || (ofSignIn(id, graph) && ofBoard(id, graph))],
  // Invitations and the status need it without a session, too.
  ['api', (id, graph) => ofClient(id, graph) || ofQueries(id, graph) || QUERY_LIBRARIES.test(id)],
  ['sign-in', ofSignIn],
  ['page', ofBoard],
];

export const firstFiles = steps.map(([name, has], step) => ({
  name: (id: string, graph: Modules) => (has(id, graph) ? name : null),
  debugName: name,
  priority: steps.length - step,
}));

/** The files of `modules` and what they import, other than by `import()`. */
function filesOf(modules: readonly string[], bundle: Rolldown.OutputBundle): Set<string> {
  const files = new Set<string>();
  const add = (file: string) => {
    const chunk = bundle[file];
    if (chunk?.type !== 'chunk' || files.has(file)) return;
    files.add(file);
    chunk.imports.forEach(add);
  };
  for (const chunk of Object.values(bundle)) {
    if (chunk.type === 'chunk' && modules.some((module) => chunk.moduleIds.includes(module))) add(chunk.fileName);
  }
  return files;
}

/** What every first screen needs besides what starts the page. */
export function rootFiles(bundle: Rolldown.OutputBundle): string[] {
  const start = filesOf([START], bundle);
  return [...filesOf([ROOT], bundle)].filter((file) => !start.has(file));
}

/** Fails the build when what is loaded before a first screen grows too large. */
export const sizeLimit: Plugin = {
  name: 'taskhub-size-limit',
  apply: 'build',
  generateBundle(_options, bundle) {
    const entries = Object.values(bundle).flatMap((chunk) => (chunk.type === 'chunk' && chunk.isEntry ? [chunk.fileName] : []));
    for (const [screen, module, most] of SCREENS) {
      const files = new Set([...entries, ...filesOf([START, ROOT, module], bundle)]);
      let bytes = 0;
      for (const file of files) {
        const chunk = bundle[file];
        if (chunk?.type === 'chunk') bytes += gzipSync(chunk.code, { level: 9 }).length;
      }
      const kib = bytes / 1024;
      this.info(`JavaScript before ${screen}: ${kib.toFixed(1)} KiB gzipped of ${most}, in ${files.size} files`);
      if (!(kib > 0 && kib <= most)) this.error(`More than ${most} KiB of JavaScript are loaded before ${screen}: ${kib.toFixed(1)}.`);
    }
  },
};
