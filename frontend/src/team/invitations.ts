import { queryOptions, useQueryClient } from '@tanstack/react-query';
import { allPages, api, unwrap } from '../api/client.ts';
import { ignoreGone, type ApiProblem } from '../api/problem.ts';
import type { Invitation, Role, Team } from '../api/types.ts';
import { t as text, useTranslation } from '../i18n/index.ts';
import type { Draft } from '../drafts/drafts.ts';
import { readAnew } from '../live/readAnew.ts';
import { create } from '../outcomes/create.ts';
import type { Said } from '../outcomes/created.ts';
import { save, valueOf } from '../outcomes/save.ts';
import { explain } from '../ui/explain.ts';
import { keepLink, links } from './links.ts';

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

/** Why nobody was invited, for the field with the address. */
export function whyNotInvited(problem: ApiProblem): string {
  if (problem.status === 409) return text('invitation.isMember');
  if (problem.at('/email') !== undefined) return text('rules.emailInvalid');
  return explain(problem);
}

export function useInvitationActions(team: Team) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { queryKey } = invitationsQuery(team.key);
  const refresh = () => readAnew(client, queryKey);
  /** Inviting an address and revoking its invitation go one after the other. */
  const turnOf = (email: string) => `invitation ${team.key} ${email}`;
  /** A new invitation replaces the last one to its address. */
  const keep = (made: Invitation) =>
    client.setQueryData(queryKey, (now) => now && [...now.filter(({ email }) => email !== made.email), made]);

  /** `said` is what is said when there is a link; without `from`, which takes the text back, a message says why not. */
  const invite = async (email: string, role: Role, said: Said, from?: { scope: string; draft: Draft }) => {
    const result = await create<Invitation>({
      path: `/api/v1/teams/${encodeURIComponent(team.key)}/invitations`,
      body: { email, role },
      what: t('invitation.forEmail', { email }),
      kind: 'invitation',
      turn: turnOf(email),
      reasons: { 409: t('invitation.isMember') },
      done: (made) => {
        keep(made);
        return said;
      },
      ...(from !== undefined && { from, isQuiet: true }),
    });
    if (result.kind === 'saved') keepLink(result.value);
    await refresh();
    return result;
  };

  const revoke = async ({ id, email }: Invitation): Promise<void> => {
    const result = await save<undefined>({
      what: t('invitation.forEmail', { email }),
      act: 'delete',
      isQuiet: true,
      turn: turnOf(email),
      send: () => {
        // A new link may have been made since the line was drawn.
        const now = client.getQueryData(queryKey)?.find((one) => one.email === email)?.id ?? id;
        const params = { path: { team: team.key, id: now } };
        return unwrap(api.DELETE('/api/v1/teams/{team}/invitations/{id}', { params })).then(() => undefined, ignoreGone);
      },
      done: () => ({ text: t('invitation.revoked', { email }) }),
    });
    valueOf(result);
    links.set((now) => new Map([...now].filter(([one]) => one !== id)));
    await refresh();
  };

  return { invite, revoke };
}
