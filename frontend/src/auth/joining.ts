/** The invitation that somebody is about to accept, by its token. It stands behind `#`, which no server and no log ever sees. */

/** The token in the address, on each page that an invited person passes through; null if there is none. */
export function invitationIn(path: string, hash: string): string | null {
  const token = hash.slice(1);
  return ['/invite', '/signin', '/signup'].includes(path) && token !== '' ? token : null;
}

let joining: string | null = null;

/** After signing in or up to join, the page accepts this invitation without asking again. */
export function joinAfterwards(token: string): void {
  joining = token;
}

export function isJoining(token: string): boolean {
  return joining === token;
}

export function hasJoined(): void {
  joining = null;
}
