import { useTranslation } from '../i18n/index.ts';
import type { Task, TaskPatch } from '../api/types.ts';
import css from './panel.module.css';
import { PropertyPopover } from './PropertyPopover.tsx';
import { propertyValues } from './propertyValues.tsx';
import type { Directory } from './useTasks.ts';

interface Props {
  team: string;
  task: Task;
  directory: Directory;
  canEdit: boolean;
  canChangeStatus: boolean;
  onPatch: (fields: TaskPatch) => void;
}

export function Properties({ team, task, directory, canEdit, canChangeStatus, onPatch }: Props) {
  const { t } = useTranslation();
  return (
    <dl className={css.properties}>
      {propertyValues(task, directory).map(([property, value]) => (
        <div key={property} className={css.property}>
          <dt className={css.propertyName}>{t(`property.${property}`)}</dt>
          <dd className={css.propertyValue}>
            {canEdit || (property === 'status' && canChangeStatus) ? (
              <PropertyPopover team={team} task={task} property={property} onPatch={onPatch}>
                {value}
              </PropertyPopover>
            ) : (
              <span className={css.fixed} data-empty={value === null || undefined}>
                {value ?? t('property.none')}
              </span>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
