import { useTranslation } from '../i18n/index.ts';
import { latest } from '../live/notice.ts';
import { sentence } from '../task/sentence.ts';
import { useDirectory } from '../task/useTasks.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { useStore } from '../ui/useStore.ts';
import css from './shell.module.css';

/** What others have just done, in one quiet line. */
export function Ticker({ team }: { team: string }) {
  const { t } = useTranslation();
  const directory = useDirectory(team);
  const now = useStore(latest, (value) => value);
  return (
    <div className={css.ticker} role="status" aria-live="polite" data-testid="ticker">
      {now !== null && (
        <p className={css.tick} key={now.event.id}>
          <Avatar id={now.event.actor_id} name={directory.nameOf(now.event.actor_id)} />
          <span className={css.tickText}>
            <strong>
              <bdi>{directory.nameOf(now.event.actor_id)}</bdi>
            </strong>{' '}
            {sentence(now.event, directory, now.event.data.task?.key)}
            {now.count > 1 && <span className={css.tickKey}> {t('live.more', { count: now.count - 1 })}</span>}
          </span>
        </p>
      )}
    </div>
  );
}
