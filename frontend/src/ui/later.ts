/** The parts of the page that are loaded when they are needed, or ahead, after the first screen. */
import { pause, waitBefore } from '../live/wait.ts';

export type Load<T> = () => Promise<T>;

/** A part of the page couldn't be downloaded. */
export class NotLoaded extends Error {
  override readonly name = 'NotLoaded';

  constructor(
    readonly again: Load<unknown>,
    /** The server has another release of the page: what this one asks for isn't there any more. */
    readonly isOutdated: boolean,
    cause: unknown,
  ) {
    super('A part of the page could not be loaded', { cause });
  }
}

const RELEASE_CHECK_MS = 5_000;
/** The first pause before a part is asked for again is 1 to 2 s long. */
const FIRST_ATTEMPT = 3;

const loads = new Set<Load<unknown>>();
let isLoadingAhead = false;

/** Loads once. A failure isn't kept: what couldn't be had is asked for again. */
export function later<T>(load: Load<T>): Load<T> {
  let now: Promise<T> | undefined;
  const once = () => {
    now ??= restoreStyles().then(load).catch(async (error: unknown) => {
      const failure = isDownload(error) ? new NotLoaded(once, await isOutdated(), error) : error;
      now = undefined;
      throw failure;
    });
    return now;
  };
  loads.add(once);
  if (isLoadingAhead) once().catch(() => undefined);
  return once;
}

/** Loads everything that isn't there yet, and from now on what those parts need in their turn. */
export function loadAhead(): void {
  isLoadingAhead = true;
  // A part that can't be had now is asked for again when it is needed.
  for (const load of loads) load().catch(() => undefined);
}

/** Asks again, with growing pauses and as soon as the network is back; undefined if it was given up. */
export async function loadPatiently<T>(load: Load<T>, signal = new AbortController().signal): Promise<T | undefined> {
  for (let attempt = FIRST_ATTEMPT; !signal.aborted; attempt++) {
    try {
      return await load();
    } catch (error) {
      // Another release doesn't go away by itself.
      if (!(error instanceof NotLoaded) || error.isOutdated) throw error;
      await pause(waitBefore(attempt), signal);
    }
  }
  return undefined;
}

/** Browsers and Vite have no class of their own for it. */
function isDownload(error: unknown): boolean {
  return error instanceof Error && /imported module|module script|preload CSS/i.test(error.message);
}

async function isOutdated(): Promise<boolean> {
  const entry = document.querySelector('script[type="module"][src]')?.getAttribute('src') ?? null;
  if (entry === null) return false;
  try {
    const response = await fetch('/', { cache: 'no-store', signal: AbortSignal.timeout(RELEASE_CHECK_MS) });
    const html = await response.text();
    return response.ok && html.includes('id="root"') && !html.includes(entry);
  } catch {
    return false;
  }
}

/** Addresses of style sheets that failed; Vite takes them for loaded when it needs them again. */
const missingStyles = new Map<string, Promise<void> | null>();

addEventListener(
  'error',
  ({ target }) => {
    if (!(target instanceof HTMLLinkElement) || target.rel !== 'stylesheet') return;
    missingStyles.set(target.href, null);
    target.remove();
  },
  true,
);

function restoreStyles(): Promise<unknown> {
  const restore = (href: string) =>
    new Promise<void>((resolve, reject) => {
      const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', crossOrigin: '', href });
      link.addEventListener('load', () => {
        missingStyles.delete(href);
        resolve();
      });
      link.addEventListener('error', () => reject(new Error(`Unable to preload CSS for ${href}`)));
      document.head.append(link);
    });
  return Promise.all(
    Array.from(missingStyles, ([href, again]) => {
      const now = again ?? restore(href);
      missingStyles.set(href, now);
      return now;
    }),
  );
}
