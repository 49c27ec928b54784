import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { api, unwrap } from '../api/client.ts';
import { asProblem } from '../api/problem.ts';
import { atLeast, ROLES, type Member, type Role, type Team } from '../api/types.ts';
import { Sentence } from '../i18n/Sentence.tsx';
import shell from '../shell/shell.module.css';
import { membersKey } from '../task/queries.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Button, IconButton } from '../ui/Button.tsx';
import { explain } from '../ui/explain.ts';
import { Icon } from '../ui/Icon.tsx';
import { Menu, MenuChoice, MenuItem } from '../ui/Menu.tsx';
import { Day } from '../ui/Time.tsx';
import table from '../ui/table.module.css';
import { toast } from '../ui/toasts.ts';
import css from './team.module.css';

export function Members({ team, members, me }: { team: Team; members: readonly Member[]; me: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const attempt = async (member: Member, call: () => Promise<unknown>) => {
    try {
      await call();
    } catch (error) {
      const problem = asProblem(error);
      const reason = problem.status === 409 ? t('team.lastOwner') : explain(problem);
      toast({ kind: 'error', text: t('errors.rolledBack', { what: member.user.name, reason }) });
    }
    await client.invalidateQueries({ queryKey: membersKey(team.key) });
  };
  const setRole = (member: Member, role: Role) => {
    client.setQueryData<Member[]>(membersKey(team.key), (now) =>
      now?.map((one) => (one.user.id === member.user.id ? { ...one, role } : one)),
    );
    const params = { path: { team: team.key, user: member.user.id } };
    void attempt(member, () => unwrap(api.PATCH('/api/v1/teams/{team}/members/{user}', { params, body: { role } })));
  };
  const remove = (member: Member) => {
    const params = { path: { team: team.key, user: member.user.id } };
    void attempt(member, async () => {
      await unwrap(api.DELETE('/api/v1/teams/{team}/members/{user}', { params }));
      if (member.user.id !== me) return;
      await client.invalidateQueries({ queryKey: ['teams'] });
      navigate('/');
    });
  };
  return (
    <section className={shell.section} aria-labelledby="members">
      <h2 id="members" className={shell.sectionTitle}>
        {t('team.members', { count: members.length })}
      </h2>
      <ul className={table.table}>
        {members.map((member) => {
          const isMe = member.user.id === me;
          const canManage = atLeast(team.role, 'admin') && atLeast(team.role, member.role);
          return (
            <li key={member.user.id} className={table.line}>
              <Avatar id={member.user.id} name={member.user.name} size="large" />
              <div className={table.who}>
                <p className={table.name}>
                  {member.user.name} {isMe && <span className={table.faint}>{t('team.you')}</span>}
                </p>
                <p className={table.faint}>{member.user.email}</p>
              </div>
              <span className={css.since}>
                <Sentence of="team.since" parts={{ day: <Day at={member.joined_at} /> }} />
              </span>
              {canManage ? (
                <Menu
                  align="end"
                  trigger={
                    <Button className={css.roleButton} aria-label={t('team.roleOf', { name: member.user.name, role: t(`role.${member.role}`) })}>
                      {t(`role.${member.role}`)} <Icon name="down" size={12} />
                    </Button>
                  }
                >
                  <MenuChoice
                    label={t('team.role')}
                    value={member.role}
                    options={ROLES.map((role) => ({
                      value: role,
                      text: t(`role.${role}`),
                      disabled: !atLeast(team.role, role),
                    }))}
                    onChange={(role) => setRole(member, role)}
                  />
                </Menu>
              ) : (
                <span className={css.role}>{t(`role.${member.role}`)}</span>
              )}
              {(canManage || isMe) && (
                <Menu
                  align="end"
                  trigger={
                    <IconButton label={t('team.moreOf', { name: member.user.name })}>
                      <Icon name="more" />
                    </IconButton>
                  }
                >
                  <MenuItem icon={<Icon name="exit" />} onSelect={() => remove(member)}>
                    {isMe ? t('team.leave') : t('team.remove')}
                  </MenuItem>
                </Menu>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
