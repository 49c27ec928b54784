import type { Task } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { Icon } from '../ui/Icon.tsx';
import { useStore } from '../ui/useStore.ts';
import { openTaskMenuAt } from './menu.ts';
import { selection, toggleSelected } from './selection.ts';
import css from './selection.module.css';

/** Selecting a task and its menu, for the pointer; by key there are X and the menu key. */
export function TaskButtons({ task, className = '' }: { task: Task; className?: string }) {
  const isSelected = useStore(selection, (ids) => ids.has(task.id));
  return (
    <span className={`${css.buttons} ${className}`} data-selected={isSelected || undefined}>
      <button
        type="button"
        className={css.select}
        tabIndex={-1}
        aria-pressed={isSelected}
        aria-label={t('task.select', { key: task.key })}
        title={t('command.select')}
        onClick={() => toggleSelected(task.id)}
      >
        <span className={css.box}>{isSelected && <Icon name="check" size={12} />}</span>
      </button>
      <button
        type="button"
        className={css.more}
        tabIndex={-1}
        aria-haspopup="menu"
        aria-label={t('task.menuOf', { key: task.key })}
        title={t('task.menuOf', { key: task.key })}
        onClick={(event) => openTaskMenuAt(task.id, event.currentTarget)}
      >
        <Icon name="more" />
      </button>
    </span>
  );
}
