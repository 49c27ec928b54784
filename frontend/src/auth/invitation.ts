/** Invitations as the invited person meets them. The token stands behind `#`, which no server and no log ever sees. */
import { queryOptions } from '@tanstack/react-query';
import { openApi, unwrap } from '../api/client.ts';
import { asProblem } from '../api/problem.ts';
import type { InvitationPreview } from '../api/types.ts';

/** The token in the address, on each page that an invited person passes through; null if there is none. */
export function invitationIn(path: string, hash: string): string | null {
  const token = hash.slice(1);
  return ['/invite', '/signin', '/signup'].includes(path) && token !== '' ? token : null;
}

/** What the invitation says, or null when it is no longer valid. */
export const previewQuery = (token: string) =>
  queryOptions({
    queryKey: ['invitation', token],
    queryFn: async ({ signal }): Promise<InvitationPreview | null> => {
      try {
        return await unwrap(openApi.POST('/api/v1/invitations/preview', { body: { token }, signal }));
      } catch (error) {
        if ([404, 410, 422].includes(asProblem(error).status)) return null;
        throw error;
      }
    },
    staleTime: 60_000,
  });

let joining: string | null = null;

/** Whoever signs in or up in order to join isn't asked again: the page accepts this invitation next. */
export function joinAfterwards(token: string): void {
  joining = token;
}

export function isJoining(token: string): boolean {
  return joining === token;
}

export function hasJoined(): void {
  joining = null;
}
