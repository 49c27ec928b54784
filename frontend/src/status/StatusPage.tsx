import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { api, openApi, unwrap } from '../api/client.ts';
import type { ServiceStatus, SystemStatus } from '../api/types.ts';
import { session } from '../auth/session.ts';
import { clockTime, dayAndTime } from '../i18n/dates.ts';
import { number } from '../i18n/formats.ts';
import { Sentence } from '../i18n/Sentence.tsx';
import shell from '../shell/shell.module.css';
import { Failed, Loading, Skeleton } from '../ui/States.tsx';
import css from './status.module.css';

const ASK_EVERY_MS = 2_000;
const REMEMBERED = 40;

type History = Readonly<Record<string, readonly (number | null)[]>>;

/** The state of each part for who is signed in, of the whole for others and when no token can be had. */
async function ask(signal: AbortSignal): Promise<SystemStatus> {
  if (session.get().phase === 'in') {
    try {
      return await unwrap(api.GET('/api/v1/status', { signal }));
    } catch (error) {
      if (signal.aborted) throw error;
    }
  }
  return unwrap(openApi.GET('/api/v1/status', { signal }));
}

/** Whether each part of TaskHub works, as the gateway sees it now. */
export default function StatusPage() {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ['status'],
    queryFn: ({ signal }) => ask(signal),
    refetchInterval: ASK_EVERY_MS,
    retry: false,
    gcTime: 0,
  });
  const history = useHistory(query.data);
  const { data, error } = query;
  const isStale = error !== null && data !== undefined;
  return (
    <main className={shell.page}>
      <header className={shell.head}>
        <h1 className={shell.headTitle}>{t('nav.status')}</h1>
      </header>
      <div className={shell.body}>
        {data === undefined && error === null && (
          <Loading>
            <div className={shell.narrow}>
              <Skeleton height={64} />
              <Skeleton height={160} />
            </div>
          </Loading>
        )}
        {data === undefined && error !== null && <Failed error={error} onRetry={() => void query.refetch()} />}
        {data !== undefined && (
          <div className={shell.narrow}>
            <Summary data={data} isStale={isStale} />
            <div className={css.services} data-stale={isStale || undefined}>
              {data.services.map((service) => (
                <Service key={service.name} service={service} history={history[service.name] ?? []} />
              ))}
            </div>
          </div>
        )}
      </div>
    </main>
  );
}

const TEXTS = { ok: 'health.textOk', degraded: 'health.textDegraded', down: 'health.textDown' } as const;

function Summary({ data, isStale }: { data: SystemStatus; isStale: boolean }) {
  const { t } = useTranslation();
  const state = summary(data);
  return (
    <section className={css.summary} data-state={isStale ? 'down' : state} aria-labelledby="summary">
      <span className={css.light} aria-hidden="true" />
      <div className={css.summaryText}>
        {/* Read out when it changes, not with every check. */}
        <div role="status">
          <h2 id="summary" className={css.summaryTitle}>
            {isStale ? t('health.unreachable') : t(`health.${state}`)}
          </h2>
          <p>{isStale ? t('health.lastKnown') : t(TEXTS[state])}</p>
        </div>
        <p className={css.when}>
          <Sentence
            of="health.checked"
            parts={{
              time: (
                <time dateTime={data.checked_at} title={dayAndTime(data.checked_at)}>
                  {clockTime(data.checked_at)}
                </time>
              ),
            }}
          />{' '}
          · {t('health.every', { seconds: ASK_EVERY_MS / 1000 })}
        </p>
      </div>
    </section>
  );
}

function summary({ status }: SystemStatus): 'ok' | 'degraded' | 'down' {
  return status === 'ok' || status === 'down' ? status : 'degraded';
}

/** The latencies since the page was opened. */
function useHistory(data: SystemStatus | undefined): History {
  const [history, setHistory] = useState<History>({});
  const [seen, setSeen] = useState<string | undefined>(undefined);
  if (data !== undefined && data.checked_at !== seen) {
    setSeen(data.checked_at);
    setHistory((now) =>
      Object.fromEntries(
        data.services.map(({ name, latency_ms }) => [name, [...(now[name] ?? []), latency_ms].slice(-REMEMBERED)]),
      ),
    );
  }
  return history;
}

const NAMES = [
  'auth-service',
  'task-service',
  'worker',
  'database',
  'redis',
  'signing-keys',
  'token-keys',
  'gateway',
] as const;

/** What a part is for; its own name if this page doesn't know it. */
function useNames(): (name: string) => string {
  const { t } = useTranslation();
  return (name) => {
    const known = NAMES.find((one) => one === name);
    return known === undefined ? name : t(`serviceName.${known}`);
  };
}

function Service({ service, history }: { service: ServiceStatus; history: readonly (number | null)[] }) {
  const { t } = useTranslation();
  const nameOf = useNames();
  return (
    <section className={css.service} aria-label={nameOf(service.name)} data-ok={service.ok}>
      <header className={css.serviceHead}>
        <Light ok={service.ok} />
        <h3 className={css.name}>
          {nameOf(service.name)} <span className={css.faint}>{service.name}</span>
        </h3>
        {!service.ok && <span className={css.bad}>{t('health.broken')}</span>}
        <Sparkline values={history} />
        <Latency ms={service.latency_ms} />
      </header>
      {service.detail !== null && <p className={css.detail}>{t('health.detail', { text: service.detail })}</p>}
      {service.dependencies.length > 0 && (
        <ul className={css.dependencies}>
          {service.dependencies.map((one) => (
            <li key={one.name} className={css.dependency}>
              <Light ok={one.ok} isMinor={!one.required} />
              <span className={css.name}>{nameOf(one.name)}</span>
              {!one.required && <span className={css.faint}>{t('health.optional')}</span>}
              {!one.ok && <span className={css.bad}>{t('health.broken')}</span>}
              <Latency ms={one.latency_ms} />
              {one.detail !== null && <span className={css.why}>{t('health.detail', { text: one.detail })}</span>}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Light({ ok, isMinor = false }: { ok: boolean; isMinor?: boolean }) {
  const { t } = useTranslation();
  return (
    <span className={css.lightOf} data-ok={ok} data-minor={isMinor}>
      <span className="visually-hidden">{t(ok ? 'health.works' : 'health.broken')}</span>
    </span>
  );
}

function Latency({ ms }: { ms: number | null }) {
  const { t } = useTranslation();
  if (ms === null) return <span className={css.latency}>{t('health.noAnswer')}</span>;
  const shown = ms < 0.1 ? `< ${number(0.1)}` : number(ms < 10 ? ms : Math.round(ms));
  return <span className={css.latency}>{t('health.ms', { ms: shown })}</span>;
}

const WIDTH = 80;
const HEIGHT = 20;

function Sparkline({ values }: { values: readonly (number | null)[] }) {
  const most = Math.max(5, ...values.map((value) => value ?? 0));
  const step = WIDTH / (REMEMBERED - 1);
  const points = values
    .map((value, n) => `${(n * step).toFixed(1)},${(HEIGHT - 1 - ((value ?? 0) / most) * (HEIGHT - 2)).toFixed(1)}`)
    .join(' ');
  return (
    <svg className={css.spark} width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      <polyline points={points} fill="none" stroke="currentColor" strokeWidth="1.2" />
    </svg>
  );
}
