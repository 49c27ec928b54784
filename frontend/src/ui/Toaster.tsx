import { useTranslation } from 'react-i18next';
import { IconButton } from './Button.tsx';
import { Icon } from './Icon.tsx';
import { useStore } from './store.ts';
import { dismiss, toasts } from './toasts.ts';
import css from './ui.module.css';

export function Toaster() {
  const { t } = useTranslation();
  const all = useStore(toasts, (now) => now);
  return (
    <section className={css.toasts} aria-label={t('common.messages')} aria-live="polite">
      {all.map(({ id, kind, text }) => (
        <div key={id} className={css.toast} data-kind={kind} role={kind === 'error' ? 'alert' : undefined}>
          <p className={css.toastText}>{text}</p>
          <IconButton label={t('common.dismiss')} onClick={() => dismiss(id)}>
            <Icon name="close" size={14} />
          </IconButton>
        </div>
      ))}
    </section>
  );
}
