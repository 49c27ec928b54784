import * as Dialog from '@radix-ui/react-dialog';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from '../i18n/index.ts';
import css from '../palette/palette.module.css';
import { Button } from '../ui/Button.tsx';
import { Dialog as Question } from '../ui/Dialog.tsx';
import { Layer } from '../ui/layers.ts';
import { close, type Property } from '../ui/stage.ts';
import ui from '../ui/ui.module.css';
import { useTaskActions } from './actions.ts';
import { applied, common, patchAll, removeAll } from './bulk.ts';
import PropertyOptions from './PropertyOptions.tsx';
import { clearSelection, selectedTasks } from './selection.ts';
import { tasksOf } from './team-tasks.ts';

interface Props {
  team: string;
  /** Null asks whether to delete them. */
  property: Property | null;
  /** The tasks; those that are selected if left out. */
  ids?: readonly string[] | undefined;
}

/** Changes one property of several tasks, or deletes them. */
export default function BulkDialog({ team, property, ids }: Props) {
  const { t } = useTranslation();
  const actions = useTaskActions(team);
  const held = tasksOf(useQueryClient(), team);
  // Those of when it was opened: nothing joins them while one chooses.
  const [tasks] = useState(() => (ids === undefined ? selectedTasks() : held.several(ids)));
  const [shared, setShared] = useState(() => common(tasks));
  const isEmpty = shared === undefined;
  useEffect(() => {
    if (isEmpty) close();
  }, [isEmpty]);
  if (isEmpty) return null;
  const count = tasks.length;
  if (property === null) {
    const go = () => {
      close();
      clearSelection();
      void removeAll(actions, tasks);
    };
    return (
      <Question title={t('bulk.deleteTitle', { count })} description={tasks.map(({ key }) => key).join(', ')} onClose={close}>
        <p>{t('bulk.deleteText', { count })}</p>
        <div className={ui.dialogFoot}>
          <Button onClick={close}>{t('common.cancel')}</Button>
          <Button look="danger" autoFocus onClick={go}>
            {t('bulk.delete', { count })}
          </Button>
        </div>
      </Question>
    );
  }
  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && close()}>
      <Layer onClose={close} />
      <Dialog.Portal>
        <Dialog.Overlay className={ui.overlay} />
        <Dialog.Content className={css.frame} aria-describedby={undefined}>
          <Dialog.Title className={css.about}>
            {t('bulk.selected', { count })} · {t(`property.${property}`)}
          </Dialog.Title>
          <PropertyOptions
            team={team}
            task={shared}
            property={property}
            onPatch={(fields) => {
              setShared({ ...shared, ...(fields as typeof shared) });
              // As they are now; the first choice may have taken them out of the filter, and out of the selection.
              const now = held.several(tasks.map(({ id }) => id));
              void patchAll(actions, now, applied(fields, shared));
            }}
            onDone={close}
          />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
