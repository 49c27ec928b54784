import { useTranslation } from '../i18n/index.ts';
import type { Member, Role, Team } from '../api/types.ts';
import { Sentence } from '../i18n/Sentence.tsx';
import { Button } from '../ui/Button.tsx';
import { Confirm } from '../ui/Confirm.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import ui from '../ui/ui.module.css';
import { useMemberActions, useMemberName, whyNot } from './useMemberActions.ts';

interface Props {
  team: Team;
  member: Member;
  onClose: () => void;
}

export function RemoveMember({ team, member, onClose, onRemoved }: Props & { onRemoved: () => void }) {
  const { t } = useTranslation();
  const { remove } = useMemberActions(team);
  const name = useMemberName(team)(member);
  const run = async () => {
    await remove(member);
    // Their line, which had the focus, is gone.
    requestAnimationFrame(onRemoved);
  };
  return (
    <Confirm title={t('team.removeTitle', { name })} action={t('common.remove')} because={whyNot} onConfirm={run} onClose={onClose}>
      <p>
        <Sentence of="team.removeText" parts={{ team: team.name }} />
      </p>
    </Confirm>
  );
}

export function LeaveTeam({ team, member, isLastOwner, onClose }: Props & { isLastOwner: boolean }) {
  const { t } = useTranslation();
  const { leave } = useMemberActions(team);
  if (isLastOwner) return <OwnerNeeded title={t('team.cantLeave', { team: team.name })} onClose={onClose} />;
  return (
    <Confirm
      title={t('team.leaveTitle', { team: team.name })}
      action={t('team.leaveAction')}
      because={whyNot}
      onConfirm={() => leave(member)}
      onClose={onClose}
    >
      <p>{t('team.leaveText')}</p>
    </Confirm>
  );
}

/** Someone who gives up rights can't take them back. */
export function ChangeOwnRole({ team, member, role, isLastOwner, onClose }: Props & { role: Role; isLastOwner: boolean }) {
  const { t } = useTranslation();
  const { setOwnRole } = useMemberActions(team);
  const title = t('team.ownRoleTitle', { role: t(`role.${role}`) });
  if (isLastOwner) return <OwnerNeeded title={t('team.cantStepDown')} onClose={onClose} />;
  return (
    <Confirm title={title} action={t('team.changeRole')} because={whyNot} onConfirm={() => setOwnRole(member, role)} onClose={onClose}>
      <p>{t('team.ownRoleText', { role: t(`aRole.${member.role}`) })}</p>
    </Confirm>
  );
}

function OwnerNeeded({ title, onClose }: { title: string; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{t('team.lastOwner')}</p>
      <div className={ui.dialogFoot}>
        <Button look="primary" autoFocus onClick={onClose}>
          {t('common.close')}
        </Button>
      </div>
    </Dialog>
  );
}
