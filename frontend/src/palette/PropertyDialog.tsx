import * as Dialog from '@radix-ui/react-dialog';
import { useTranslation } from '../i18n/index.ts';
import { useTaskActions } from '../task/actions.ts';
import PropertyOptions from '../task/PropertyOptions.tsx';
import { useStagedTask } from '../task/useStagedTask.ts';
import { Layer } from '../ui/layers.ts';
import { close, type Property } from '../ui/stage.ts';
import ui from '../ui/ui.module.css';
import css from './palette.module.css';

/** The values of one property, in the middle of the page, for whoever came by key. */
export default function PropertyDialog({ team, id, property }: { team: string; id: string; property: Property }) {
  const { t } = useTranslation();
  const task = useStagedTask(team, id);
  const actions = useTaskActions(team);
  if (task === undefined) return null;
  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && close()}>
      <Layer onClose={close} />
      <Dialog.Portal>
        <Dialog.Overlay className={ui.overlay} />
        <Dialog.Content className={css.frame} aria-describedby={undefined}>
          <Dialog.Title className={css.about}>
            {task.key} · {t(`property.${property}`)}
          </Dialog.Title>
          <PropertyOptions
            team={team}
            task={task}
            property={property}
            onPatch={(fields) => void actions.patch(task, fields)}
            onDone={close}
          />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
