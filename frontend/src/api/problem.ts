import type { components } from './schema.ts';

type Problem = Partial<components['schemas']['Problem']>;
type Fields = Problem & { status: number; foreign?: number; retryAfterMs?: number | undefined };

/** What the API answered instead of what was asked for (RFC 9457); `status` is 0 when no answer of the API came. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  /** A URI that names the kind of problem, such as `urn:taskhub:problem:outcome-unknown`. */
  readonly type: string;
  /** The HTTP status of what something on the way, such as a proxy, answered instead of the API. */
  readonly foreign: number | undefined;
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
    this.foreign = problem.foreign;
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

/** What the type of each of TaskHub's problems begins with. */
const OURS = 'urn:taskhub:problem:';

/** The type of a problem that leaves open whether something was changed. */
export const OUTCOME_UNKNOWN = `${OURS}outcome-unknown`;

export function isOutcomeUnknown({ type }: ApiProblem): boolean {
  return type === OUTCOME_UNKNOWN;
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

/** Whether TaskHub itself answered that it is done: a proxy or a captive portal may answer with its own page, or nothing. */
export function isDone({ ok, status, headers }: Response): boolean {
  if (status === 204) return headers.has('X-Request-Id');
  return ok && /^(application\/json|text\/event-stream)/.test(headers.get('Content-Type') ?? '');
}

/** The problem in an answer. One that isn't TaskHub's says nothing about what TaskHub did, as if no answer had come. */
export function problemOf(body: unknown, { status, headers }: Response): ApiProblem {
  const retryAfterMs = retryAfter(headers.get('Retry-After'));
  return isOurs(body) ? new ApiProblem({ ...body, status, retryAfterMs }) : new ApiProblem({ status: 0, foreign: status, retryAfterMs });
}

function isOurs(body: unknown): body is Problem {
  return String((body as Problem | null | undefined)?.type).startsWith(OURS);
}

/** The same for an answer that may be read once more. */
export async function problemIn(response: Response): Promise<ApiProblem> {
  return problemOf(await response.clone().json().catch(() => undefined), response);
}

/** A `Retry-After` (RFC 9110, 10.2.3), in seconds or as a date, as milliseconds from now. */
function retryAfter(value: string | null): number | undefined {
  if (value === null || value.trim() === '') return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
