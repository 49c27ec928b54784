import { useQueryClient } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { api, unwrap } from '../api/client.ts';
import { ignoreGone, type ApiProblem } from '../api/problem.ts';
import { atLeast, ROLES, type Member, type Role, type Team } from '../api/types.ts';
import { t as text, useTranslation } from '../i18n/index.ts';
import { endFirstVisit } from './firstVisit.ts';
import { refreshMembers } from '../live/apply.ts';
import { readAnew } from '../live/readAnew.ts';
import { leaving } from '../live/useLive.ts';
import { compared } from '../outcomes/compared.ts';
import { save, valueOf } from '../outcomes/save.ts';
import { membersQuery } from '../task/queries.ts';
import { useDirectory } from '../task/useTasks.ts';
import { explain } from '../ui/explain.ts';

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

/** What a member is called, with the address where another has the same name. */
export function useMemberName(team: Team): (member: Member) => string {
  const { member, nameOf } = useDirectory(team.key);
  return ({ user }) => (member(user.id) === undefined ? user.name : nameOf(user.id));
}

/** What an admin does to members, and members to themselves. Each call says what was done. */
export function useMemberActions(team: Team) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const nameOf = useMemberName(team);
  const refresh = () => refreshMembers(client, team.key);

  const here = ({ user }: Member) => ({ path: { team: team.key, user: user.id } });
  const read = () => client.query({ ...membersQuery(team.key), staleTime: 0 });

  const change = (member: Member, role: Role) => ({
    what: t('team.roleOfMember', { name: nameOf(member) }),
    turn: member.user.id,
    send: () => unwrap(api.PATCH('/api/v1/teams/{team}/members/{user}', { params: here(member), body: { role } })),
    check: async () => compared((await read()).find(({ user }) => user.id === member.user.id), member, { role }),
  });

  const setRole = async (member: Member, role: Role): Promise<void> => {
    const name = nameOf(member);
    const undo = () => void setRole({ ...member, role }, member.role);
    await save<unknown>({
      ...change(member, role),
      reasons: { 404: t('team.memberGone'), 409: t('team.lastOwner') },
      again: () => void setRole(member, role),
      done: () => ({
        text: t('team.roleChanged', { name, role: t(`aRole.${role}`) }),
        actions: [{ label: t('common.undo'), run: undo }],
      }),
    });
    await refresh();
  };

  const setOwnRole = async (member: Member, role: Role): Promise<void> => {
    const done = () => ({ text: t('team.ownRoleChanged', { role: t(`aRole.${role}`) }) });
    valueOf(await save<unknown>({ ...change(member, role), isQuiet: true, done }));
    await refresh();
  };

  /** Whoever isn't in the team any more is as they were to be: another admin was faster, or an answer was lost. */
  const end = async (member: Member, said: string): Promise<void> => {
    const result = await save<undefined>({
      what: nameOf(member),
      act: 'delete',
      isQuiet: true,
      turn: member.user.id,
      send: () =>
        unwrap(api.DELETE('/api/v1/teams/{team}/members/{user}', { params: here(member) })).then(() => undefined, ignoreGone),
      done: () => ({ text: said }),
    });
    valueOf(result);
  };

  const remove = async (member: Member): Promise<void> => {
    await end(member, t('team.removed', { name: nameOf(member), team: team.name }));
    await refresh();
  };

  const leave = async (member: Member): Promise<void> => {
    leaving.add(team.key);
    try {
      await end(member, t('team.left', { team: team.name }));
    } catch (error) {
      leaving.delete(team.key);
      throw error;
    }
    // Whoever leaves a team isn't new, even if only their own is left.
    endFirstVisit(member.user.id);
    client.setQueryData<Team[]>(['teams'], (teams) => teams?.filter(({ key }) => key !== team.key));
    navigate('/');
    client.removeQueries({ queryKey: ['team', team.key] });
    await readAnew(client, ['teams']);
  };

  return { setRole, setOwnRole, remove, leave };
}
