import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { Redirect, useLocation } from 'wouter';
import type { User } from '../api/types.ts';
import authCss from '../auth/auth.module.css';
import shell from '../shell/shell.module.css';
import { teamsQuery } from '../task/queries.ts';
import { Button } from '../ui/Button.tsx';
import { explainFailure } from '../ui/explain.ts';
import { isInUse } from '../ui/inUse.ts';
import { Loading } from '../ui/States.tsx';
import { endFirstVisit, isFirstVisit } from './firstVisit.ts';
import css from './team.module.css';
import { TeamFields } from './TeamFields.tsx';
import { useNewTeam } from './useNewTeam.ts';

/** What somebody sees first who has signed up without an invitation: a team to name, instead of an empty board. */
export default function FirstVisit({ user }: { user: User }) {
  const teams = useQuery(teamsQuery()).data;
  if (teams === undefined) return <Loading />;
  if (!isFirstVisit(user, teams)) return <Redirect to="/" replace />;
  return <Form user={user} />;
}

function Form({ user }: { user: User }) {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  // It may come late, when the user has opened a menu.
  const [takesFocus] = useState(() => !isInUse());
  const end = () => endFirstVisit(user.id);
  const team = useNewTeam({ me: user.id, samples: true, done: end });
  const skip = () => {
    end();
    navigate('/', { replace: true });
  };
  return (
    <main className={shell.page}>
      <div className={`${shell.body} ${css.first}`}>
        <form className={`${authCss.form} ${css.firstForm}`} {...team.form}>
          <h1 className={authCss.title}>{t('firstVisit.title')}</h1>
          <p>{t('firstVisit.text')}</p>
          <TeamFields team={team} takesFocus={takesFocus} />
          {team.problem !== null && (
            <p className={authCss.problem} role="alert">
              {explainFailure(team.problem, (why) => t('team.notCreated', { why }))}
            </p>
          )}
          <div className={css.firstFoot}>
            <Button type="submit" look="primary" busy={team.busy}>
              {t('team.create')}
            </Button>
            <Button look="ghost" onClick={skip}>
              {t('firstVisit.skip')}
            </Button>
          </div>
          <p className={css.checkHint}>{t('firstVisit.skipText')}</p>
        </form>
      </div>
    </main>
  );
}
