import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { Link, Redirect, useLocation } from 'wouter';
import { api, unwrap } from '../api/client.ts';
import { asProblem, type ApiProblem } from '../api/problem.ts';
import type { InvitationPreview, Team, User } from '../api/types.ts';
import { Sentence } from '../i18n/Sentence.tsx';
import { readAnew } from '../live/readAnew.ts';
import { teamPath } from '../shell/address.ts';
import { teamsQuery } from '../task/queries.ts';
import { endFirstVisit } from '../team/firstVisit.ts';
import { Button } from '../ui/Button.tsx';
import { askToSignOut } from '../shell/leaving.ts';
import { explain } from '../ui/explain.ts';
import { Empty, Failed, Loading } from '../ui/States.tsx';
import { toast } from '../ui/toasts.ts';
import css from './auth.module.css';
import { previewQuery } from './invitation.ts';
import { hasJoined, isJoining } from './joining.ts';
import { useHash } from './useHash.ts';

/** An invitation, opened by somebody who is signed in. */
export default function Invite({ user }: { user: User }) {
  const { t } = useTranslation();
  const token = useHash().slice(1);
  if (token === '') return <Empty isPage icon="link" title={t('invite.noToken')} text={t('invite.noTokenText')} />;
  return <Invitation key={token} token={token} user={user} />;
}

function Invitation({ token, user }: { token: string; user: User }) {
  const { t } = useTranslation();
  const preview = useQuery(previewQuery(token));
  const accept = useAccept(token, user.id);
  const { start } = accept;
  const isTheirs = preview.data?.email === user.email;
  const teams = useQuery(teamsQuery()).data;
  const mine = teams?.find(({ key }) => key === preview.data?.team.key);
  // They have just signed in in order to join. A used link may be their own: the server then gives the team again.
  const isAsked = isTheirs ? isJoining(token) : preview.data === null;
  useEffect(() => {
    if (isAsked) start();
  }, [isAsked, start]);

  if (preview.isPending || accept.isBusy) return <Loading />;
  // Also when the answer of the first try was lost.
  if (mine !== undefined) return <Redirect to={teamPath(mine.key, 'board')} replace />;
  if (preview.data === undefined) return <Failed error={preview.error} onRetry={() => void preview.refetch()} />;
  if (preview.data === null || accept.problem?.status === 404 || accept.problem?.status === 410) {
    return <Empty isPage icon="link" title={t('invite.goneTitle')} text={t('invite.gone')} action={<HomeLink />} />;
  }
  if (!isTheirs || accept.problem?.status === 403) return <OtherAddress invitation={preview.data} user={user} />;
  return (
    <Empty
      isPage
      icon="people"
      title={t('invite.joinTitle', { team: preview.data.team.name })}
      text={
        accept.problem === null ? <Invites invitation={preview.data} /> : <span role="alert">{explain(accept.problem)}</span>
      }
      action={
        <Button look="primary" onClick={start}>
          {t('invite.accept')}
        </Button>
      }
    />
  );
}

function Invites({ invitation: { inviter, team, role } }: { invitation: InvitationPreview }) {
  const { t } = useTranslation();
  return <Sentence of="invite.text" parts={{ inviter: inviter.name, team: team.name, role: t(`aRole.${role}`) }} />;
}

/** The invitation is for another address than that of the signed-in account. */
function OtherAddress({ invitation, user }: { invitation: InvitationPreview; user: User }) {
  const { t } = useTranslation();
  // The address keeps the invitation: it is shown again once they have signed in with the other account.
  return (
    <Empty
      isPage
      icon="people"
      title={t('invite.joinTitle', { team: invitation.team.name })}
      text={
        <>
          <Invites invitation={invitation} />{' '}
          <Sentence of="invite.otherAddress" parts={{ email: invitation.email, mine: user.email }} />
        </>
      }
      action={
        <span className={css.actions}>
          <Button look="primary" onClick={askToSignOut}>
            {t('invite.switchAccount')}
          </Button>
          <HomeLink />
        </span>
      }
    />
  );
}

function HomeLink() {
  const { t } = useTranslation();
  return (
    <Link href="/" className={css.quietLink}>
      {t('invite.home')}
    </Link>
  );
}

/** Accepts once, however often it is asked to. */
function useAccept(token: string, me: string) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const isUnderWay = useRef(false);
  const work = async () => {
    if (isUnderWay.current) return;
    isUnderWay.current = true;
    hasJoined();
    setIsBusy(true);
    setProblem(null);
    try {
      const team = await unwrap(api.POST('/api/v1/invitations/accept', { body: { token } }));
      endFirstVisit(me);
      // The teams of before may be held: this one must be among them before its page opens.
      client.setQueryData<Team[]>(['teams'], (now) => now && [...now.filter(({ id }) => id !== team.id), team]);
      await readAnew(client, ['teams']);
      toast({ kind: 'done', text: t('invite.joined', { team: team.name }) });
      navigate(teamPath(team.key, 'board'), { replace: true });
    } catch (error) {
      await readAnew(client, ['teams']);
      setProblem(asProblem(error));
      setIsBusy(false);
    } finally {
      isUnderWay.current = false;
    }
  };
  const latest = useRef(work);
  useEffect(() => {
    latest.current = work;
  });
  const [start] = useState(() => () => void latest.current());
  return { isBusy, problem, start };
}
