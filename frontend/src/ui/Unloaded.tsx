import { useEffect, useEffectEvent, useState } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { Button } from './Button.tsx';
import { Icon } from './Icon.tsx';
import { loadPatiently, NotLoaded } from './later.ts';
import css from './ui.module.css';

interface Props {
  error: NotLoaded;
  onLoaded: () => void;
  onFailed: (error: unknown) => void;
  /** The page can do without the part. */
  isSilent: boolean;
}

/** Stands in for a part that couldn't be downloaded, and loads it as soon as that is possible. */
export function Unloaded({ error, onLoaded, onFailed, isSilent }: Props) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const loaded = useEffectEvent(onLoaded);
  const failed = useEffectEvent(onFailed);
  useEffect(() => {
    if (error.isOutdated) return;
    const gone = new AbortController();
    loadPatiently(error.again, gone.signal).then(
      () => !gone.signal.aborted && loaded(),
      (why: unknown) => !gone.signal.aborted && failed(why),
    );
    return () => gone.abort();
  }, [error]);
  if (isSilent) return null;
  const retry = async () => {
    setBusy(true);
    await error.again().then(onLoaded, (why: unknown) => why instanceof NotLoaded && why.isOutdated && onFailed(why));
    setBusy(false);
  };
  return (
    <div className={css.state} role="alert">
      <span className={css.stateIcon}>
        <Icon name="warn" size={28} />
      </span>
      <h2 className={css.stateTitle}>{t(error.isOutdated ? 'errors.outdated' : 'errors.cantLoad')}</h2>
      <p className={css.stateText}>{t(error.isOutdated ? 'errors.outdatedText' : 'errors.notLoaded')}</p>
      {error.isOutdated ? (
        <Button className={css.stateAction} onClick={() => location.reload()}>
          {t('errors.reload')}
        </Button>
      ) : (
        <Button className={css.stateAction} busy={busy} onClick={() => void retry()}>
          {t('common.retry')}
        </Button>
      )}
    </div>
  );
}
