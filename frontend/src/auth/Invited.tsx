import { QueryClientProvider, useQuery } from '@tanstack/react-query';
import { queryClient } from '../api/queryClient.ts';
import { useTranslation } from '../i18n/index.ts';
import { Sentence } from '../i18n/Sentence.tsx';
import { useLocation } from 'wouter';
import css from './auth.module.css';
import { Entrance } from './Entrance.tsx';
import { previewQuery } from './invitation.ts';
import { joinAfterwards } from './joining.ts';

interface Props {
  token: string;
  expired: boolean;
  email: string | undefined;
}

/** Signing in or up in order to join the team of an invitation. */
export default function Invited(props: Props) {
  return (
    <QueryClientProvider client={queryClient}>
      <InvitedEntrance {...props} />
    </QueryClientProvider>
  );
}

function InvitedEntrance({ token, expired, email }: Props) {
  const { t } = useTranslation();
  const [path] = useLocation();
  const invitation = useQuery(previewQuery(token)).data;
  if (invitation === undefined) return <Entrance expired={expired} email={email} />;
  if (invitation === null) {
    const gone = (
      <p className={css.problem} role="alert">
        {t('invite.gone')}
      </p>
    );
    return <Entrance expired={expired} email={email} notice={gone} />;
  }
  const { inviter, team, role } = invitation;
  const notice = (
    <p className={css.notice} role="status">
      <Sentence
        of={path === '/signup' ? 'invite.signUpToJoin' : 'invite.signInToJoin'}
        parts={{ inviter: inviter.name, team: team.name, role: t(`aRole.${role}`) }}
      />
    </p>
  );
  const onEntered = (entered: string) => {
    if (entered.trim().toLowerCase() === invitation.email) joinAfterwards(token);
  };
  return <Entrance expired={expired} email={invitation.email} notice={notice} joins onEntered={onEntered} />;
}
