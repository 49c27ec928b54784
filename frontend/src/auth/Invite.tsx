import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { api, unwrap } from '../api/client.ts';
import { asProblem, type ApiProblem } from '../api/problem.ts';
import { Button } from '../ui/Button.tsx';
import { explain } from '../ui/explain.ts';
import { Empty } from '../ui/States.tsx';

/** The token comes behind `#`, which no server and no log ever sees. */
export default function Invite() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const token = location.hash.slice(1);
  const accept = async () => {
    setBusy(true);
    try {
      const team = await unwrap(api.POST('/api/v1/invitations/accept', { body: { token } }));
      await client.invalidateQueries({ queryKey: ['teams'] });
      navigate(`/t/${team.key}/board`);
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  };
  const reason = (of: ApiProblem) =>
    of.status === 403 ? t('invite.otherAddress') : of.status === 410 ? t('invite.gone') : explain(of);
  if (token === '') return <Empty isPage icon="link" title={t('invite.noToken')} text={t('invite.noTokenText')} />;
  return (
    <Empty
      isPage
      icon="people"
      title={t('invite.title')}
      text={problem === null ? t('invite.text') : <span role="alert">{reason(problem)}</span>}
      action={
        <Button look="primary" busy={busy} onClick={() => void accept()}>
          {t('invite.accept')}
        </Button>
      }
    />
  );
}
