/** What the answer to a write, or its absence, says about whether something was saved. */
import { isOutcomeUnknown, type ApiProblem } from '../api/problem.ts';

/**
 * - `refused`: nothing was saved, and the same request will be refused again.
 * - `later`: nothing was saved, and the same request may be sent again after a while.
 * - `session`: nothing was saved, because nobody is signed in.
 * - `lost`: it isn't known whether something was saved.
 */
export type Certainty = 'refused' | 'later' | 'session' | 'lost';

/** No answer, one that didn't come in time, a service that broke, and what the gateway says when it got no answer. */
const LOST = [0, 408, 500, 502, 503, 504];

export function certaintyOf(problem: ApiProblem): Certainty {
  const { status, type, isSent } = problem;
  if (status === 401) return 'session';
  if (isOutcomeUnknown(problem)) return 'lost';
  if (status === 429) return 'later';
  // Those say that nothing was done.
  if (type.endsWith(':unavailable') || type.endsWith(':overloaded')) return 'later';
  if (!LOST.includes(status)) return 'refused';
  return isSent ? 'lost' : 'later';
}
