import { useTranslation } from '../i18n/index.ts';
import { atLeast, type Team } from '../api/types.ts';
import { IconButton } from '../ui/Button.tsx';
import { Icon, type IconName } from '../ui/Icon.tsx';
import { open, type Property } from '../ui/stage.ts';
import { useStore } from '../ui/useStore.ts';
import { clearSelection, selection } from './selection.ts';
import css from './selection.module.css';

const ACTIONS: readonly [Property, IconName][] = [
  ['status', 'check'],
  ['assignees', 'person'],
  ['priority', 'priority'],
  ['labels', 'label'],
  ['due_at', 'calendar'],
];

/** What can be done with the selected tasks. */
export default function SelectionBar({ team }: { team: Team }) {
  const { t } = useTranslation();
  const count = useStore(selection, ({ size }) => size);
  const canEdit = atLeast(team.role, 'member');
  return (
    <section className={css.bar} data-covers-foot data-selection-bar aria-label={t('bulk.actions')}>
      <p className={css.count} role="status">
        {t('bulk.selected', { count })}
      </p>
      {canEdit && (
        <div className={css.actions}>
          {ACTIONS.map(([property, icon]) => (
            <button
              key={property}
              type="button"
              className={css.action}
              title={t(`property.${property}`)}
              onClick={() => open({ kind: 'bulk', property })}
            >
              <Icon name={icon} size={14} />
              <span className={css.actionText}>{t(`property.${property}`)}</span>
            </button>
          ))}
          <button
            type="button"
            className={css.action}
            title={t('common.delete')}
            onClick={() => open({ kind: 'bulk', property: null })}
          >
            <Icon name="trash" size={14} />
            <span className={css.actionText}>{t('common.delete')}</span>
          </button>
        </div>
      )}
      <IconButton label={t('bulk.clear')} onClick={clearSelection}>
        <Icon name="close" />
      </IconButton>
    </section>
  );
}
