import { queryOptions, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { allPages, api, unwrap } from '../api/client.ts';
import { asProblem, type ApiProblem } from '../api/problem.ts';
import type { Invitation, Role, Team } from '../api/types.ts';
import { t as text } from '../i18n/index.ts';
import { explain } from '../ui/explain.ts';
import { createStore } from '../ui/store.ts';
import { toast } from '../ui/toasts.ts';

export const invitationsQuery = (team: string) =>
  queryOptions({
    queryKey: ['team', team, 'invitations'],
    queryFn: ({ signal }) =>
      allPages((cursor) => {
        const query = { limit: 200, ...(cursor !== undefined && { cursor }) };
        return unwrap(api.GET('/api/v1/teams/{team}/invitations', { params: { path: { team }, query }, signal }));
      }),
    // Other admins invite, too, and nothing tells the page.
    staleTime: 0,
  });

/** The links that were created in this visit, by invitation: the server gives each of them only once. */
export const links = createStore<ReadonlyMap<string, string>>(new Map());

function keepLink({ id, token }: Invitation): void {
  if (token === undefined) return;
  links.set((now) => new Map(now).set(id, new URL(`/invite#${token}`, location.origin).href));
}

/** Why nobody was invited, for the field with the address. */
export function whyNotInvited(problem: ApiProblem): string {
  if (problem.status === 409) return text('invitation.isMember');
  if (problem.at('/email') !== undefined) return text('rules.emailInvalid');
  return explain(problem);
}

export function useInvitationActions(team: Team) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: invitationsQuery(team.key).queryKey });

  const invite = async (email: string, role: Role, idempotencyKey: string): Promise<Invitation> => {
    const params = { path: { team: team.key }, header: { 'Idempotency-Key': idempotencyKey } };
    const made = await unwrap(api.POST('/api/v1/teams/{team}/invitations', { params, body: { email, role } }));
    keepLink(made);
    await refresh();
    return made;
  };

  const revoke = async ({ id, email }: Invitation): Promise<void> => {
    try {
      await unwrap(api.DELETE('/api/v1/teams/{team}/invitations/{id}', { params: { path: { team: team.key, id } } }));
    } catch (error) {
      // Used or revoked meanwhile: there is nothing left to revoke.
      if (asProblem(error).status !== 404) throw error;
    }
    links.set((now) => new Map([...now].filter(([one]) => one !== id)));
    toast({ kind: 'done', text: t('invitation.revoked', { email }) });
    await refresh();
  };

  return { invite, revoke };
}
