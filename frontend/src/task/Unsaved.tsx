import { useTranslation } from '../i18n/index.ts';
import { Button } from '../ui/Button.tsx';
import css from './panel.module.css';

/** Says that there is a draft, which its author may go on with or discard. */
export function Unsaved({ onContinue, onDiscard, text }: { onContinue: () => void; onDiscard: () => void; text?: string }) {
  const { t } = useTranslation();
  return (
    <div className={css.unsaved} role="status">
      <span>{text ?? t('task.unsaved')}</span>
      <Button onClick={onContinue}>{t('task.continueDraft')}</Button>
      <Button look="ghost" onClick={onDiscard}>
        {t('task.discardDraft')}
      </Button>
    </div>
  );
}
