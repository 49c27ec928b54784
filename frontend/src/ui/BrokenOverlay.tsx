import type { ReactNode } from 'react';
import { useTranslation } from '../i18n/index.ts';
import css from './ui.module.css';

/** Around what says why a dialog or a menu failed. The browser's own dialog: what draws ours may be what failed. */
export function BrokenOverlay({ onClose, children }: { onClose: () => void; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <dialog ref={(dialog) => dialog?.showModal()} className={css.broken} aria-label={t('common.messages')} onClose={onClose}>
      {children}
    </dialog>
  );
}
