import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { allPages, api, unwrap } from '../api/client.ts';
import { asProblem } from '../api/problem.ts';
import { atLeast, ROLES, type Invitation, type Role, type Team } from '../api/types.ts';
import { textOf, useForm } from '../auth/useForm.ts';
import { Sentence } from '../i18n/Sentence.tsx';
import { copy } from '../palette/commands.ts';
import shell from '../shell/shell.module.css';
import { Button } from '../ui/Button.tsx';
import { explain } from '../ui/explain.ts';
import { Field } from '../ui/Field.tsx';
import { Icon } from '../ui/Icon.tsx';
import { newId } from '../ui/ids.ts';
import { Menu, MenuChoice } from '../ui/Menu.tsx';
import table from '../ui/table.module.css';
import { toast } from '../ui/toasts.ts';
import ui from '../ui/ui.module.css';
import { Day } from '../ui/Time.tsx';
import css from './team.module.css';

const invitationsQuery = (team: string) =>
  queryOptions({
    queryKey: ['team', team, 'invitations'],
    queryFn: ({ signal }) =>
      allPages((cursor) => {
        const query = { limit: 200, ...(cursor !== undefined && { cursor }) };
        return unwrap(api.GET('/api/v1/teams/{team}/invitations', { params: { path: { team }, query }, signal }));
      }),
  });

export function Invitations({ team }: { team: Team }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const query = useQuery(invitationsQuery(team.key));
  const [role, setRole] = useState<Role>('member');
  const [made, setMade] = useState<Invitation | null>(null);
  const refresh = () => client.invalidateQueries({ queryKey: invitationsQuery(team.key).queryKey });
  const { busy, problem, onSubmit } = useForm(
    (fields) => {
      const body = { email: textOf(fields, 'email'), role };
      const params = { path: { team: team.key }, header: { 'Idempotency-Key': newId() } };
      return unwrap(api.POST('/api/v1/teams/{team}/invitations', { params, body }));
    },
    (invitation) => {
      setMade(invitation);
      void refresh();
    },
  );
  const revoke = async ({ id, email }: Invitation) => {
    try {
      await unwrap(api.DELETE('/api/v1/teams/{team}/invitations/{id}', { params: { path: { team: team.key, id } } }));
    } catch (error) {
      toast({ kind: 'error', text: t('errors.rolledBack', { what: email, reason: explain(asProblem(error)) }) });
    }
    await refresh();
  };
  const link = made?.token === undefined ? null : new URL(`/invite#${made.token}`, location.origin).href;
  const wrong = problem === null ? undefined : (problem.at('/email') ?? explain(problem));
  return (
    <section className={shell.section} aria-labelledby="invite">
      <h2 id="invite" className={shell.sectionTitle}>
        {t('team.invite')}
      </h2>
      <form className={css.invite} onSubmit={onSubmit} noValidate>
        <Field label={t('auth.email')} name="email" type="email" autoComplete="off" error={wrong} required />
        <Menu
          trigger={
            <Button aria-label={t('team.inviteAs', { role: t(`role.${role}`) })}>
              {t(`role.${role}`)} <Icon name="down" size={12} />
            </Button>
          }
        >
          <MenuChoice
            label={t('team.role')}
            value={role}
            options={ROLES.filter((one) => atLeast(team.role, one)).map((value) => ({ value, text: t(`role.${value}`) }))}
            onChange={setRole}
          />
        </Menu>
        <Button type="submit" look="primary" busy={busy}>
          {t('team.inviteSend')}
        </Button>
      </form>
      {made !== null && link !== null && (
        <div className={css.made} role="status">
          <p>{t('team.inviteMade', { email: made.email })}</p>
          <div className={css.link}>
            <input className={ui.input} readOnly value={link} aria-label={t('team.inviteLink')} />
            <Button onClick={() => copy(link)}>{t('common.copy')}</Button>
          </div>
        </div>
      )}
      {query.data !== undefined && query.data.length > 0 && (
        <ul className={table.table}>
          {query.data.map((invitation) => (
            <li key={invitation.id} className={table.line}>
              <div className={table.who}>
                <p className={table.name}>{invitation.email}</p>
                <p className={table.faint}>
                  {t(`role.${invitation.role}`)} ·{' '}
                  <Sentence of="team.inviteUntil" parts={{ day: <Day at={invitation.expires_at} /> }} />
                </p>
              </div>
              <Button look="ghost" onClick={() => void revoke(invitation)}>
                {t('team.revoke')}
                <span className="visually-hidden"> {invitation.email}</span>
              </Button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
