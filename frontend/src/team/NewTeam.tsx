import { useTranslation } from '../i18n/index.ts';
import authCss from '../auth/auth.module.css';
import { session } from '../auth/session.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { explainFailure } from '../ui/explain.ts';
import { close } from '../ui/stage.ts';
import { useStore } from '../ui/useStore.ts';
import ui from '../ui/ui.module.css';
import { TeamFields } from './TeamFields.tsx';
import { useNewTeam } from './useNewTeam.ts';

export default function NewTeam() {
  const { t } = useTranslation();
  const me = useStore(session, (now) => (now.phase === 'in' ? now.user.id : ''));
  const team = useNewTeam({ me, samples: false, done: close });
  const cancel = () => {
    team.discard();
    close();
  };
  return (
    <Dialog title={t('team.new')} onClose={close}>
      <form className={authCss.form} {...team.form}>
        <TeamFields team={team} takesFocus />
        {team.problem !== null && (
          <p className={authCss.problem} role="alert">
            {explainFailure(team.problem, (why) => t('team.notCreated', { why }))}
          </p>
        )}
        <div className={ui.dialogFoot}>
          <Button onClick={cancel}>{t('common.cancel')}</Button>
          <Button type="submit" look="primary" busy={team.busy}>
            {t('team.create')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
