import { useTranslation } from 'react-i18next';
import type { Status } from '../api/types.ts';
import { useDraft } from '../drafts/useDraft.ts';
import { useTaskActions } from '../task/actions.ts';
import { Keys } from '../ui/Chips.tsx';
import { isComposing } from '../ui/composing.ts';
import { afterClick } from '../ui/pointer.ts';
import css from './board.module.css';

/** A title and Enter, one task after the other. */
export function QuickAdd({ team, status, onClose }: { team: string; status: Status; onClose: () => void }) {
  const { t } = useTranslation();
  const { create } = useTaskActions(team);
  const scope = `quick:${team}:${status}`;
  const { text: title, setText: setTitle, discard } = useDraft(scope);
  const add = () => {
    const wanted = title.trim();
    if (wanted === '') return;
    // What is on its way is no draft; a title that isn't saved comes back, unless the next one is being written.
    discard();
    void create({ title: wanted, status }, { from: { scope, draft: { text: title } } });
  };
  return (
    <form
      className={css.quick}
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <input
        className={css.quickInput}
        value={title}
        maxLength={255}
        aria-label={t('board.quickAdd', { status: t(`status.${status}`) })}
        placeholder={t('board.quickPlaceholder')}
        autoFocus
        onChange={(event) => setTitle(event.target.value)}
        onBlur={() => title.trim() === '' && afterClick(onClose)}
        onKeyDown={(event) => {
          if (isComposing(event)) return;
          if (event.key === 'Escape') {
            event.preventDefault();
            onClose();
          }
        }}
      />
      <p className={css.quickHint}>
        <Keys keys="Enter" /> {t('board.quickHint')} <Keys keys="Esc" />
      </p>
    </form>
  );
}
