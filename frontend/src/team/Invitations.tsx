import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from '../i18n/index.ts';
import type { Invitation, Team } from '../api/types.ts';
import { Sentence } from '../i18n/Sentence.tsx';
import settings from '../settings/settings.module.css';
import { Button } from '../ui/Button.tsx';
import { Confirm } from '../ui/Confirm.tsx';
import { Failed, Loading, Skeleton } from '../ui/States.tsx';
import { useStore } from '../ui/useStore.ts';
import table from '../ui/table.module.css';
import { Day } from '../ui/Time.tsx';
import { InviteForm } from './InviteForm.tsx';
import { invitationsQuery, useInvitationActions } from './invitations.ts';
import { InviteLink } from './InviteLink.tsx';
import { links } from './links.ts';
import css from './team.module.css';

/** Whom the team has invited, and a form that invites. Links are sent by hand: TaskHub sends no mail. */
export function Invitations({ team }: { team: Team }) {
  const { t } = useTranslation();
  const query = useQuery(invitationsQuery(team.key));
  const { revoke } = useInvitationActions(team);
  const title = useRef<HTMLHeadingElement>(null);
  const [revoking, setRevoking] = useState<Invitation | null>(null);
  const invitations = query.data ?? [];
  const confirm = async (invitation: Invitation) => {
    await revoke(invitation);
    requestAnimationFrame(() => title.current?.focus());
  };
  return (
    <section className={settings.section} aria-labelledby="invitations">
      <h2 id="invitations" className={settings.title} ref={title} tabIndex={-1}>
        {t('settings.invitations')}
      </h2>
      <p className={settings.intro}>{t('invitation.intro')}</p>
      <InviteForm team={team} />
      {query.error !== null && query.data === undefined && (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.isPending && (
        <Loading>
          <Skeleton height={52} />
        </Loading>
      )}
      {query.data?.length === 0 && <p className={table.faint}>{t('invitation.none')}</p>}
      {invitations.length > 0 && (
        <ul className={table.table}>
          {invitations.map((invitation) => (
            <Line key={invitation.id} team={team} invitation={invitation} onRevoke={() => setRevoking(invitation)} />
          ))}
        </ul>
      )}
      {revoking !== null && (
        <Confirm
          title={t('invitation.revokeTitle', { email: revoking.email })}
          action={t('team.revoke')}
          onConfirm={() => confirm(revoking)}
          onClose={() => setRevoking(null)}
        >
          <p>{t('invitation.revokeText')}</p>
        </Confirm>
      )}
    </section>
  );
}

interface LineProps {
  team: Team;
  invitation: Invitation;
  onRevoke: () => void;
}

function Line({ team, invitation, onRevoke }: LineProps) {
  const { t } = useTranslation();
  const { invite } = useInvitationActions(team);
  const link = useStore(links, (all) => all.get(invitation.id));
  const [busy, setBusy] = useState(false);
  const { email, role, invited_by: inviter } = invitation;
  const renew = async () => {
    setBusy(true);
    await invite(email, role, { text: t('invitation.renewed', { email }), detail: t('invitation.oldLinkEnds') });
    setBusy(false);
  };
  return (
    <li className={css.invitation}>
      <div className={css.invitationHead}>
        <div className={css.who}>
          <p className={table.name}>
            <bdi>{email}</bdi>
          </p>
          <p className={table.faint}>
            {t(`role.${role}`)} · {inviter && (
              <>
                <Sentence of="invitation.by" parts={{ name: inviter.name }} /> ·{' '}
              </>
            )}
            <Sentence of="invitation.until" parts={{ day: <Day at={invitation.expires_at} /> }} />
          </p>
        </div>
        {link === undefined && (
          <Button busy={busy} onClick={() => void renew()}>
            {t('invitation.renew')}
            <span className="visually-hidden"> {email}</span>
          </Button>
        )}
        <Button look="ghost" onClick={onRevoke}>
          {t('team.revoke')}
          <span className="visually-hidden"> {email}</span>
        </Button>
      </div>
      {link !== undefined && <InviteLink link={link} email={email} />}
    </li>
  );
}
