import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { api, unwrap } from '../api/client.ts';
import { asProblem } from '../api/problem.ts';
import { tokenMinutes } from '../auth/session.ts';
import type { OpenSession } from '../api/types.ts';
import { Sentence } from '../i18n/Sentence.tsx';
import { readAnew } from '../live/readAnew.ts';
import { save, valueOf } from '../outcomes/save.ts';
import settings from '../settings/settings.module.css';
import { Button } from '../ui/Button.tsx';
import { Confirm } from '../ui/Confirm.tsx';
import { Failed, Loading, Skeleton } from '../ui/States.tsx';
import table from '../ui/table.module.css';
import { Ago, Moment } from '../ui/Time.tsx';
import { toast } from '../ui/toasts.ts';
import css from './account.module.css';
import { deviceOf, sessionsQuery } from './sessions.ts';

/** Where the user is signed in. */
export function Sessions() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const query = useQuery(sessionsQuery);
  const title = useRef<HTMLHeadingElement>(null);
  const [ending, setEnding] = useState<{ sessions: readonly OpenSession[]; all: boolean } | null>(null);
  const sessions = query.data ?? [];
  const others = sessions.filter(({ is_current }) => !is_current);
  const device = ({ user_agent }: OpenSession) => deviceOf(user_agent) || t('account.unknownDevice');

  const end = async ({ sessions: which, all }: { sessions: readonly OpenSession[]; all: boolean }) => {
    try {
      for (const one of which) await endSession(one.id, device(one));
    } finally {
      await readAnew(client, sessionsQuery.queryKey);
    }
    const [first] = which;
    const text = all || first === undefined ? t('account.sessionsEnded', { count: which.length }) : t('account.sessionEnded', { device: device(first) });
    toast({ kind: 'done', text, detail: t('account.openPages', { count: tokenMinutes() }) });
    // The line that had the focus is gone.
    requestAnimationFrame(() => title.current?.focus());
  };
  return (
    <section className={settings.section} aria-labelledby="sessions">
      <h2 id="sessions" className={settings.title} ref={title} tabIndex={-1}>
        {t('settings.sessions')}
      </h2>
      <p className={settings.intro}>{t('account.sessionsIntro')}</p>
      {query.error !== null && query.data === undefined && (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.isPending && (
        <Loading>
          <Skeleton height={104} />
        </Loading>
      )}
      {sessions.length > 0 && (
        <ul className={table.table}>
          {sessions.map((session) => (
            <li key={session.id} className={table.line}>
              <div className={table.who} title={session.user_agent}>
                <p className={table.name}>
                  <bdi>{device(session)}</bdi>
                </p>
                <p className={`${table.faint} ${css.times}`}>
                  <Sentence
                    of="account.since"
                    parts={{ day: <Moment at={session.created_at} />, used: <Ago at={session.last_used_at} /> }}
                  />
                </p>
              </div>
              {session.is_current ? (
                <span className={css.thisDevice}>{t('account.thisDevice')}</span>
              ) : (
                <Button look="ghost" onClick={() => setEnding({ sessions: [session], all: false })}>
                  {t('auth.signOut')}
                  <span className="visually-hidden"> {device(session)}</span>
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {others.length > 0 && (
        <div>
          <Button onClick={() => setEnding({ sessions: others, all: true })}>{t('account.endOthers')}</Button>
        </div>
      )}
      {ending !== null && (
        <Confirm
          title={
            ending.all
              ? t('account.endOthersTitle', { count: ending.sessions.length })
              : t('account.endTitle', { device: ending.sessions.map(device).join() })
          }
          action={t(ending.all ? 'account.endOthers' : 'auth.signOut')}
          onConfirm={() => end(ending)}
          onClose={() => setEnding(null)}
        >
          <p>
            {t(ending.all ? 'account.endOthersText' : 'account.endText')} {t('account.openPages', { count: tokenMinutes() })}
          </p>
        </Confirm>
      )}
    </section>
  );
}

async function endSession(session: string, what: string): Promise<void> {
  const send = async () => {
    try {
      await unwrap(api.DELETE('/api/v1/auth/sessions/{session}', { params: { path: { session } } }));
    } catch (error) {
      // It has ended already.
      if (asProblem(error).status !== 404) throw error;
    }
  };
  valueOf(await save({ what, act: 'delete', isQuiet: true, send }));
}
