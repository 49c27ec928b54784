import { useTranslation } from '../i18n/index.ts';
import { drafts, setDraft } from '../drafts/drafts.ts';
import { Button } from '../ui/Button.tsx';
import { copyText } from '../ui/clipboard.ts';
import { toast } from '../ui/toasts.ts';
import { useStore } from '../ui/useStore.ts';
import css from './panel.module.css';

/**
 * What was written for something that is gone, or that its author may no longer write, offered to copy. `isOf` says whether
 * a draft is one of these, by its scope.
 */
export function KeptTexts({ isOf }: { isOf: (scope: string) => boolean }) {
  const { t } = useTranslation();
  const all = useStore(drafts, (now) => now);
  const copy = async (text: string) => {
    const isCopied = await copyText(text);
    toast(isCopied ? { kind: 'done', text: t('common.copied') } : { kind: 'error', text: t('errors.cantCopy') });
  };
  return [...all]
    .filter(([scope]) => isOf(scope))
    .map(([scope, { text }]) => (
      <section key={scope} className={css.section} aria-label={t('task.keptText')}>
        <h3 className={css.sectionTitle}>{t('task.keptText')}</h3>
        <div className={css.kept} dir="auto">
          {text}
        </div>
        <div className={css.keptFoot}>
          <Button onClick={() => void copy(text)}>{t('common.copy')}</Button>
          <Button look="ghost" onClick={() => setDraft(scope, undefined)}>
            {t('task.discardDraft')}
          </Button>
        </div>
      </section>
    ));
}
