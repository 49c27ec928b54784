import { useTranslation } from '../i18n/index.ts';
import { drafts, setDraft } from '../drafts/drafts.ts';
import { Button } from '../ui/Button.tsx';
import { copyText } from '../ui/clipboard.ts';
import { Empty } from '../ui/States.tsx';
import { useStore } from '../ui/useStore.ts';
import { toast } from '../ui/toasts.ts';
import css from './panel.module.css';

/** The task was deleted. What its reader had written for it is kept, and offered to copy. */
export function GoneTask({ id }: { id: string | null }) {
  const { t } = useTranslation();
  const all = useStore(drafts, (now) => now);
  const kept = [...all].filter(([scope]) => id !== null && scope.endsWith(`:${id}`));
  const copy = async (text: string) => {
    const isCopied = await copyText(text);
    toast(isCopied ? { kind: 'done', text: t('common.copied') } : { kind: 'error', text: t('errors.cantCopy') });
  };
  return (
    <div className={css.body} data-panel-body>
      <Empty icon="search" title={t('task.gone')} text={t('task.goneText')} />
      {kept.map(([scope, { text }]) => (
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
      ))}
    </div>
  );
}
