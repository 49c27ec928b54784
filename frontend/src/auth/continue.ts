/** Where the page goes once somebody has signed in or up. */

const ENTRANCES = ['/signin', '/signup'];

/** The address to sign up or in at, without losing where the page is to go on. */
export function entrance(to: '/signin' | '/signup', path: string, search: string, hash: string): string {
  if (path === '/invite' || ENTRANCES.includes(path)) return `${to}${search}${hash}`;
  const here = `${path}${search}`;
  return here === '/' ? to : `${to}?${new URLSearchParams({ next: here }).toString()}${hash}`;
}

/** Where to go from `path`; null to stay where the page is. */
export function next(path: string, search: string, hash: string, isNew: boolean): string | null {
  if (!ENTRANCES.includes(path)) return null;
  if (hash.length > 1) return `/invite${hash}`;
  const wanted = new URLSearchParams(search).get('next');
  // An address of this page alone: `//host` and `/\host` name another server.
  if (wanted !== null && /^\/(?![/\\])/.test(wanted)) return wanted;
  return isNew ? '/welcome' : '/';
}
