import type { components } from './schema.ts';

/** What the API answered instead of what was asked for (RFC 9457); `status` is 0 when no answer came at all. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  readonly title: string;
  readonly traceId: string | undefined;
  readonly errors: readonly { pointer: string; detail: string }[];

  constructor(problem: Partial<components['schemas']['Problem']> & { status: number }) {
    super(problem.detail ?? problem.title ?? '');
    this.status = problem.status;
    this.title = problem.title ?? '';
    this.traceId = problem.trace_id;
    this.errors = problem.errors ?? [];
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

/** Anything thrown, as a problem. */
export function asProblem(error: unknown): ApiProblem {
  return error instanceof ApiProblem ? error : unreachable();
}

/** The problem in an answer, also when something on the way answered with something else than a problem. */
export function problemOf(body: unknown, response: Response): ApiProblem {
  const problem = typeof body === 'object' && body !== null ? body : {};
  return new ApiProblem({ title: response.statusText, ...problem, status: response.status });
}
