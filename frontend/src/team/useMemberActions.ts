import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { api, unwrap } from '../api/client.ts';
import { asProblem, type ApiProblem } from '../api/problem.ts';
import { atLeast, ROLES, type Member, type Role, type Team } from '../api/types.ts';
import { t as text } from '../i18n/index.ts';
import { endFirstVisit } from './firstVisit.ts';
import { membersKey } from '../task/queries.ts';
import { explain } from '../ui/explain.ts';
import { toast } from '../ui/toasts.ts';

/** The roles that someone of the role `mine` may give; the others are shown, but can't be chosen. */
export function roleOptions(mine: Role): { value: Role; text: string; disabled: boolean }[] {
  return ROLES.map((value) => ({ value, text: text(`role.${value}`), disabled: !atLeast(mine, value) }));
}

/** Why a member couldn't be changed. */
export function whyNot(problem: ApiProblem): string {
  if (problem.status === 409) return text('team.lastOwner');
  if (problem.status === 404) return text('team.memberGone');
  return explain(problem);
}

/** What an admin does to members, and members to themselves. Each call says what was done. */
export function useMemberActions(team: Team) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const refresh = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: membersKey(team.key) }),
      client.invalidateQueries({ queryKey: ['teams'] }),
    ]);

  const sendRole = async (member: Member, role: Role) => {
    const params = { path: { team: team.key, user: member.user.id } };
    await unwrap(api.PATCH('/api/v1/teams/{team}/members/{user}', { params, body: { role } }));
    await refresh();
  };

  const setRole = async (member: Member, role: Role): Promise<void> => {
    const { name } = member.user;
    try {
      await sendRole(member, role);
      const undo = () => void setRole({ ...member, role }, member.role);
      toast({
        kind: 'done',
        text: t('team.roleChanged', { name, role: t(`role.${role}`) }),
        actions: [{ label: t('common.undo'), run: undo }],
      });
    } catch (error) {
      toast({ kind: 'error', text: t('team.roleNotChanged', { name }), detail: whyNot(asProblem(error)) });
      await refresh();
    }
  };

  const setOwnRole = async (member: Member, role: Role): Promise<void> => {
    await sendRole(member, role);
    toast({ kind: 'done', text: t('team.ownRoleChanged', { role: t(`role.${role}`) }) });
  };

  const remove = async (member: Member): Promise<void> => {
    const params = { path: { team: team.key, user: member.user.id } };
    await unwrap(api.DELETE('/api/v1/teams/{team}/members/{user}', { params }));
    toast({ kind: 'done', text: t('team.removed', { name: member.user.name, team: team.name }) });
    await refresh();
  };

  const leave = async (member: Member): Promise<void> => {
    const params = { path: { team: team.key, user: member.user.id } };
    await unwrap(api.DELETE('/api/v1/teams/{team}/members/{user}', { params }));
    // Whoever leaves a team isn't new, even if only their own is left.
    endFirstVisit(member.user.id);
    client.setQueryData<Team[]>(['teams'], (teams) => teams?.filter(({ key }) => key !== team.key));
    toast({ kind: 'done', text: t('team.left', { team: team.name }) });
    navigate('/');
    client.removeQueries({ queryKey: ['team', team.key] });
    await client.invalidateQueries({ queryKey: ['teams'] });
  };

  return { setRole, setOwnRole, remove, leave };
}
