import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../api/client.ts';
import { asProblem } from '../api/problem.ts';
import type { OpenSession } from '../api/types.ts';
import { Sentence } from '../i18n/Sentence.tsx';
import shell from '../shell/shell.module.css';
import { Button } from '../ui/Button.tsx';
import { explain } from '../ui/explain.ts';
import { Failed, Loading, Skeleton } from '../ui/States.tsx';
import table from '../ui/table.module.css';
import { Ago, Day } from '../ui/Time.tsx';
import { toast } from '../ui/toasts.ts';
import css from './account.module.css';
import { deviceOf, sessionsQuery } from './sessions.ts';

/** Where one is signed in. */
export function Sessions() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const query = useQuery(sessionsQuery);
  const end = async (session: string) => {
    try {
      await unwrap(api.DELETE('/api/v1/auth/sessions/{session}', { params: { path: { session } } }));
    } catch (error) {
      toast({ kind: 'error', text: explain(asProblem(error)) });
    }
    await client.invalidateQueries({ queryKey: sessionsQuery.queryKey });
  };
  const device = ({ user_agent }: OpenSession) => deviceOf(user_agent) || t('account.unknownDevice');
  return (
    <section className={shell.section} aria-labelledby="sessions">
      <h2 id="sessions" className={shell.sectionTitle}>
        {t('account.sessions')}
      </h2>
      {query.error !== null && query.data === undefined && (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.isPending && (
        <Loading>
          <Skeleton height={104} />
        </Loading>
      )}
      {query.data !== undefined && (
        <ul className={table.table}>
          {query.data.map((session) => (
            <li key={session.id} className={table.line}>
              <div className={table.who} title={session.user_agent}>
                <p className={table.name}>{device(session)}</p>
                <p className={`${table.faint} ${css.times}`}>
                  <Sentence
                    of="account.since"
                    parts={{ day: <Day at={session.created_at} />, used: <Ago at={session.last_used_at} /> }}
                  />
                </p>
              </div>
              {session.is_current ? (
                <span className={table.faint}>{t('account.thisOne')}</span>
              ) : (
                <Button look="ghost" onClick={() => void end(session.id)}>
                  {t('auth.signOut')}
                  <span className="visually-hidden"> {device(session)}</span>
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
