import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Status } from '../api/types.ts';
import { useTaskActions } from '../task/actions.ts';
import { Keys } from '../ui/Chips.tsx';
import css from './board.module.css';

/** A title and Enter, one task after the other. */
export function QuickAdd({ team, status, onClose }: { team: string; status: Status; onClose: () => void }) {
  const { t } = useTranslation();
  const { create } = useTaskActions(team);
  const [title, setTitle] = useState('');
  const add = async () => {
    const wanted = title.trim();
    if (wanted === '') return;
    setTitle('');
    const saved = await create({ title: wanted, status });
    // What was refused is given back, unless the next one is being written.
    if (saved === undefined) setTitle((now) => (now === '' ? wanted : now));
  };
  return (
    <form
      className={css.quick}
      onSubmit={(event) => {
        event.preventDefault();
        void add();
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
        onBlur={() => title.trim() === '' && onClose()}
        onKeyDown={(event) => {
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
