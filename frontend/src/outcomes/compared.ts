/** After a lost answer to a change: what is there now, compared with what was sent and with what was there before. */
import { ApiProblem } from '../api/problem.ts';
import type { Found } from './persist.ts';

export function compared<T extends object>(now: T | undefined, before: T, wanted: Partial<T>): Found<T> {
  if (now === undefined) throw new ApiProblem({ status: 404 });
  const names = Object.keys(wanted) as (keyof T)[];
  if (names.every((name) => now[name] === wanted[name])) return { kind: 'saved', value: now };
  return names.every((name) => now[name] === before[name]) ? { kind: 'unsaved' } : { kind: 'overtaken' };
}
