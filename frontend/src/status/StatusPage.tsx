import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { openApi, unwrap } from '../api/client.ts';
import type { ServiceStatus, SystemStatus } from '../api/types.ts';
import { clockTime } from '../i18n/dates.ts';
import { number } from '../i18n/formats.ts';
import shell from '../shell/shell.module.css';
import { Failed, Loading, Skeleton } from '../ui/States.tsx';
import css from './status.module.css';

const ASK_EVERY_MS = 2_000;
const REMEMBERED = 40;

type History = Readonly<Record<string, readonly (number | null)[]>>;

/** Every service and what it depends on, as the gateway sees them now. */
export default function StatusPage() {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ['status'],
    queryFn: ({ signal }) => unwrap(openApi.GET('/api/v1/status', { signal })),
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
            <p className={css.summary} data-state={isStale ? 'down' : data.status} role="status">
              <span className={css.light} aria-hidden="true" />
              <span className={css.summaryText}>
                {isStale ? t('health.unreachable') : t(`health.${summary(data)}`)}
              </span>
              <span className={css.when}>
                {t('health.asked', { time: clockTime(data.checked_at) })}
              </span>
            </p>
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

function Service({ service, history }: { service: ServiceStatus; history: readonly (number | null)[] }) {
  const { t } = useTranslation();
  return (
    <section className={css.service} aria-label={service.name}>
      <header className={css.serviceHead}>
        <Light ok={service.ok} />
        <h2 className={css.name}>{service.name}</h2>
        <Sparkline values={history} />
        <Latency ms={service.latency_ms} />
      </header>
      {service.detail !== null && <p className={css.detail}>{service.detail}</p>}
      {service.dependencies.length > 0 && (
        <ul className={css.dependencies}>
          {service.dependencies.map((one) => (
            <li key={one.name} className={css.dependency}>
              <Light ok={one.ok} isMinor={!one.required} />
              <span className={css.name}>{one.name}</span>
              {!one.required && <span className={css.faint}>{t('health.optional')}</span>}
              {one.detail !== null && <span className={css.bad}>{one.detail}</span>}
              <Latency ms={one.latency_ms} />
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
  if (ms === null) return <span className={css.latency}>–</span>;
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
