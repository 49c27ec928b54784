/** What the stream is tested with: a log that a fake server has, and the other tabs of the browser. */
import { ApiProblem } from '../api/problem.ts';
import type { TeamEvent } from '../api/types.ts';
import { anAnswer, anEvent, aTask } from '../testing.ts';

/** With the streams that are open on it. */
export const log = {
  events: [] as TeamEvent[],
  refreshes: 0,
  streams: [] as { send: (text: string) => void; end: () => void; since: number }[],
  changes: 0,
  streamStatus: 200,
  /** Something on the way answers instead. */
  isForeign: false,
  changesStatus: 200,
};

/** In the place of `api/client.ts`. */
export const client = {
  authorisedFetch: (request: Request) => {
    const since = Number(request.headers.get('last-event-id'));
    if (log.isForeign) return Promise.resolve(new Response('404 page not found', { status: 404 }));
    if (log.streamStatus !== 200) return anAnswer(log.streamStatus);
    if (since > log.events.length) return anAnswer(410);
    const encoder = new TextEncoder();
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        const send = (text: string) => controller.enqueue(encoder.encode(text));
        request.signal.addEventListener('abort', () => controller.error(new DOMException('', 'AbortError')));
        log.streams.push({ send, end: () => controller.close(), since });
        send(`event: ready\ndata: {"revision": ${since}}\n\n`);
        for (const event of log.events.slice(since)) send(sse(event));
      },
    });
    return Promise.resolve(new Response(body, { status: 200 }));
  },
  unwrap: (answer: Promise<unknown>) => answer,
  api: {
    GET: (_path: string, { params }: { params: { query: { since: string; limit: number } } }) => {
      log.changes++;
      if (log.changesStatus !== 200) return Promise.reject(new ApiProblem({ status: log.changesStatus }));
      const [since, limit] = [Number(params.query.since), params.query.limit];
      if (since > log.events.length) return Promise.reject(new ApiProblem({ status: 410 }));
      const items = log.events.slice(since, since + limit);
      const revision = items.at(-1)?.revision ?? since;
      return Promise.resolve({ items, revision, more: revision < log.events.length });
    },
  },
};

function sse(event: TeamEvent): string {
  return `id: ${event.revision}\nevent: change\ndata: ${JSON.stringify(event)}\n\n`;
}

export function happen(count: number, timeline = ''): void {
  for (let n = 0; n < count; n++) {
    const event = { ...anEvent(log.events.length + 1, 'task.updated', aTask()) };
    event.id += timeline;
    log.events.push(event);
    log.streams.at(-1)?.send(sse(event));
  }
}

let tell: (message: object) => void;

/** In the place of `ui/channel.ts`. */
export const channels = {
  createChannel: () => ({
    send: () => undefined,
    listen: (listener: (message: object) => void) => {
      tell = listener;
      return () => undefined;
    },
  }),
};

/** Three other windows are used now, or are closed. */
export function othersAre(what: 'used' | 'closed'): void {
  const tab = what === 'used' ? { isVisible: true, usedAt: Date.now() + 1_000 } : null;
  for (const id of ['a', 'b', 'c']) tell({ id, tab });
}
