import { useTranslation } from '../i18n/index.ts';
import { Button } from '../ui/Button.tsx';
import css from './new.module.css';

interface Props {
  titles: readonly string[];
  onSeveral: () => void;
  onOne: () => void;
  onDiscard: () => void;
}

/** Asks what several pasted lines are meant to be. */
export function SeveralTasks({ titles, onSeveral, onOne, onDiscard }: Props) {
  const { t } = useTranslation();
  const count = titles.length;
  return (
    <div className={css.several} role="alert">
      <p>{t('task.pasted', { count })}</p>
      <div className={css.choices}>
        <Button onClick={onSeveral}>{t('task.createSeveral', { count })}</Button>
        <Button onClick={onOne}>{t('task.pasteAsOne')}</Button>
        <Button look="ghost" onClick={onDiscard}>
          {t('common.discard')}
        </Button>
      </div>
    </div>
  );
}
