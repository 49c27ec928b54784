import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { atLeast } from '../api/types.ts';
import { session } from '../auth/session.ts';
import shell from '../shell/shell.module.css';
import { membersQuery, teamsQuery } from '../task/queries.ts';
import { Failed, Loading, Skeleton } from '../ui/States.tsx';
import { useStore } from '../ui/store.ts';
import { Invitations } from './Invitations.tsx';
import { Labels } from './Labels.tsx';
import { Members } from './Members.tsx';

/** Who is in the team as what, who is invited, and its labels. */
export default function TeamPage({ team: key }: { team: string }) {
  const { t } = useTranslation();
  const me = useStore(session, (now) => (now.phase === 'in' ? now.user.id : ''));
  const team = useQuery(teamsQuery()).data?.find((one) => one.key === key);
  const members = useQuery(membersQuery(key));
  return (
    <main className={shell.page}>
      <header className={shell.head}>
        <h1 className={shell.headTitle}>{t('nav.team')}</h1>
      </header>
      <div className={shell.body}>
        <div className={shell.narrow}>
          {members.error !== null && members.data === undefined ? (
            <Failed error={members.error} onRetry={() => void members.refetch()} />
          ) : members.data === undefined || team === undefined ? (
            <Loading>
              <Skeleton height={200} />
            </Loading>
          ) : (
            <>
              <Members team={team} members={members.data} me={me} />
              {atLeast(team.role, 'admin') && <Invitations team={team} />}
              <Labels team={team} />
            </>
          )}
        </div>
      </div>
    </main>
  );
}
