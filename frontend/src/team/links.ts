/** The links that were created in this visit, by invitation: the server gives each of them only once. */
import type { Invitation } from '../api/types.ts';
import { createStore } from '../ui/store.ts';

export const links = createStore<ReadonlyMap<string, string>>(new Map());

export function keepLink({ id, token }: Invitation): void {
  if (token === undefined) return;
  links.set((now) => new Map(now).set(id, new URL(`/invite#${token}`, location.origin).href));
}
