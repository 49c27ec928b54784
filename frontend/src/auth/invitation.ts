/** Invitations as the invited person meets them. The token stands behind `#`, which no server and no log ever sees. */
import { queryOptions } from '@tanstack/react-query';
import { openApi, unwrap } from '../api/client.ts';
import { asProblem } from '../api/problem.ts';
import type { InvitationPreview } from '../api/types.ts';

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
