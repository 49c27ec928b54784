import type { components } from './schema.ts';

type Fields = Partial<components['schemas']['Problem']> & { status: number; retryAfterMs?: number | undefined };

/** What the API answered instead of what was asked for (RFC 9457); `status` is 0 when no answer came at all. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  /** A URI that names the kind of problem, such as `…/outcome-unknown`. */
  readonly type: string;
  readonly title: string;
  readonly traceId: string | undefined;
  readonly errors: readonly { pointer: string; detail: string }[];
  /** When the server says that the same may be asked again, in milliseconds from the answer. */
  readonly retryAfterMs: number | undefined;
  /** Whether the request itself was sent, and not only what had to come before it. */
  isSent = true;

  constructor(problem: Fields) {
    super(problem.detail ?? problem.title ?? '');
    this.status = problem.status;
    this.type = problem.type ?? '';
    this.title = problem.title ?? '';
    this.traceId = problem.trace_id;
    this.errors = problem.errors ?? [];
    this.retryAfterMs = problem.retryAfterMs;
  }

  /** What is wrong with one member of the body, for the field that it belongs to. */
  at(pointer: string): string | undefined {
    return this.errors.find((error) => error.pointer === pointer)?.detail;
  }
}

/** No answer came: no network, no server, or it took too long. */
export function unreachable(): ApiProblem {
  return new ApiProblem({ status: 0 });
}

/** The type of a problem that leaves open whether something was changed. */
export const OUTCOME_UNKNOWN = 'https://taskhub.dev/problems/outcome-unknown';

export function isOutcomeUnknown({ type }: ApiProblem): boolean {
  return type.endsWith('outcome-unknown');
}

/** For what comes before the request that writes: when it fails, nothing was changed. */
export function beforeSending<T>(call: Promise<T>): Promise<T> {
  return call.catch((error: unknown) => {
    throw Object.assign(asProblem(error), { isSent: false });
  });
}

/** Anything thrown, as a problem. */
export function asProblem(error: unknown): ApiProblem {
  return error instanceof ApiProblem ? error : unreachable();
}

/** For a removal: a 404 means that it is done, by somebody else or by an attempt whose answer was lost. */
export function ignoreGone(error: unknown): undefined {
  if (asProblem(error).status !== 404) throw error;
}

/** The problem in an answer, also when something on the way answered with something else than a problem. */
export function problemOf(body: unknown, response: Response): ApiProblem {
  const problem = typeof body === 'object' && body !== null ? body : {};
  const retryAfterMs = retryAfter(response.headers.get('Retry-After'));
  return new ApiProblem({ title: response.statusText, ...problem, status: response.status, retryAfterMs });
}

/** A `Retry-After` (RFC 9110, 10.2.3), in seconds or as a date, as milliseconds from now. */
function retryAfter(value: string | null): number | undefined {
  if (value === null || value.trim() === '') return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
