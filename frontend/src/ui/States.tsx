import { useSyncExternalStore, type ReactNode } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { asProblem, type ApiProblem } from '../api/problem.ts';
import { Button } from './Button.tsx';
import { explain } from './explain.ts';
import { Icon, type IconName } from './Icon.tsx';
import css from './ui.module.css';

export function Empty(props: {
  icon: IconName;
  title: string;
  text?: ReactNode;
  action?: ReactNode;
  /** It is all that the page has to say. */
  isPage?: boolean;
}) {
  const Title = props.isPage === true ? 'h1' : 'h2';
  return (
    <div className={css.state}>
      <span className={css.stateIcon}>
        <Icon name={props.icon} size={28} />
      </span>
      <Title className={css.stateTitle}>{props.title}</Title>
      {props.text !== undefined && <p className={css.stateText}>{props.text}</p>}
      {props.action !== undefined && <div className={css.stateAction}>{props.action}</div>}
    </div>
  );
}

export function Failed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useTranslation();
  const problem = asProblem(error);
  return (
    <div className={css.state} role="alert">
      <span className={css.stateIcon}>
        <Icon name="warn" size={28} />
      </span>
      <h2 className={css.stateTitle}>{t('errors.cantLoad')}</h2>
      <p className={css.stateText}>{explain(problem)}</p>
      {problem.traceId !== undefined && (
        <p className={css.hint}>{t('errors.trace', { id: problem.traceId })}</p>
      )}
      <Button className={css.stateAction} onClick={onRetry}>
        {t('common.retry')}
      </Button>
    </div>
  );
}

/** Below what is there: that the rest couldn't be loaded. */
export function RestFailed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useTranslation();
  return (
    <div className={css.restFailed} role="alert">
      {t('errors.cantLoadAll')} {explain(asProblem(error))} <Button onClick={onRetry}>{t('common.retry')}</Button>
    </div>
  );
}

/** What failed while it was drawn. What was typed in it is in the drafts. */
export function Broken(props: { problem: ApiProblem | undefined; onRetry: () => void }) {
  const { t } = useTranslation();
  const { problem, onRetry } = props;
  if (problem !== undefined) return <Failed error={problem} onRetry={onRetry} />;
  return (
    <div className={css.state} role="alert">
      <span className={css.stateIcon}>
        <Icon name="warn" size={28} />
      </span>
      <h2 className={css.stateTitle}>{t('errors.unexpected')}</h2>
      <p className={css.stateText}>{t('errors.broken')}</p>
      <Button className={css.stateAction} onClick={onRetry}>
        {t('common.retry')}
      </Button>
    </div>
  );
}

export function Skeleton({ width = '100%', height = 14 }: { width?: number | string; height?: number | string }) {
  return <div className={css.skeleton} style={{ width, height }} aria-hidden="true" />;
}

function subscribeToNetwork(listener: () => void): () => void {
  addEventListener('online', listener);
  addEventListener('offline', listener);
  return () => {
    removeEventListener('online', listener);
    removeEventListener('offline', listener);
  };
}

/** Says to screen readers that something is on its way; the skeletons say it to eyes. Offline, all are told why it isn't. */
export function Loading({ children }: { children?: ReactNode }) {
  const { t } = useTranslation();
  const isOnline = useSyncExternalStore(subscribeToNetwork, () => navigator.onLine);
  return (
    <div aria-busy="true">
      <p className={isOnline ? 'visually-hidden' : css.waits} role="status">
        {t(isOnline ? 'common.loading' : 'common.loadsLater')}
      </p>
      {children}
    </div>
  );
}
