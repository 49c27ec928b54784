import { useTranslation } from '../i18n/index.ts';
import { Button, IconButton } from './Button.tsx';
import { Icon } from './Icon.tsx';
import { useStore } from './useStore.ts';
import { dismiss, hold, release, toasts, type Toast } from './toasts.ts';
import css from './ui.module.css';

const MARKS = { done: 'check', info: 'info', error: 'warn', unknown: 'question' } as const;

export function Toaster() {
  const { t } = useTranslation();
  const all = useStore(toasts, (now) => now);
  return (
    <section className={css.toasts} aria-label={t('common.messages')} aria-live="polite">
      {all.map((one) => (
        <Message key={one.id} message={one} />
      ))}
    </section>
  );
}

function Message({ message: { id, kind, text, detail, actions = [] } }: { message: Toast }) {
  const { t } = useTranslation();
  const isUrgent = kind === 'error' || kind === 'unknown';
  return (
    // Pointing at it only keeps it on the screen.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      className={css.toast}
      data-kind={kind}
      role={isUrgent ? 'alert' : undefined}
      onPointerEnter={() => hold(id)}
      onPointerLeave={() => release(id)}
      onFocus={() => hold(id)}
      onBlur={() => release(id)}
    >
      <span className={css.toastMark}>
        <Icon name={MARKS[kind]} />
      </span>
      <div className={css.toastText}>
        <p>{text}</p>
        {detail !== undefined && (
          <p className={css.toastDetail} dir="auto">
            {detail}
          </p>
        )}
        {actions.length > 0 && (
          <div className={css.toastActions}>
            {actions.map(({ label, run }) => (
              <Button
                key={label}
                onClick={() => {
                  dismiss(id);
                  run();
                }}
              >
                {label}
              </Button>
            ))}
          </div>
        )}
      </div>
      <IconButton label={t('common.dismiss')} onClick={() => dismiss(id)}>
        <Icon name="close" size={14} />
      </IconButton>
    </div>
  );
}
