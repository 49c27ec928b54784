import { useTranslation } from '../i18n/index.ts';
import { useOpenTask } from '../shell/address.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { close } from '../ui/stage.ts';
import ui from '../ui/ui.module.css';
import { useTaskActions } from './actions.ts';
import { useStagedTask } from './useStagedTask.ts';

export default function DeleteTask({ team, id }: { team: string; id: string }) {
  const { t } = useTranslation();
  const task = useStagedTask(team, id);
  const { remove } = useTaskActions(team);
  const { number, closeTask } = useOpenTask(team);
  if (task === undefined) return null;
  const go = () => {
    close();
    if (number === task.number) closeTask();
    void remove(task);
  };
  return (
    <Dialog title={t('task.deleteTitle', { key: task.key })} description={task.title} onClose={close}>
      <p>{t('task.deleteText')}</p>
      <div className={ui.dialogFoot}>
        <Button onClick={close}>{t('common.cancel')}</Button>
        <Button look="danger" autoFocus onClick={go}>
          {t('common.delete')}
        </Button>
      </div>
    </Dialog>
  );
}
