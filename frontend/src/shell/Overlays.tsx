import { Suspense } from 'react';
import { useTranslation } from '../i18n/index.ts';
import type { Team, User } from '../api/types.ts';
import { Boundary } from '../ui/Boundary.tsx';
import { close, stage } from '../ui/stage.ts';
import { useStore } from '../ui/store.ts';
import { parts } from './ahead.ts';
import css from '../ui/ui.module.css';

const { Palette, Shortcuts, PropertyDialog, NewTask, NewTeam, DeleteTask, BulkDialog, SignOut } = parts;

/** Whatever is open over the page. */
export function Overlays({ team, me }: { team: Team; me: User }) {
  const { t } = useTranslation();
  const now = useStore(stage, (value) => value);
  if (now === null) return null;
  return (
    <Boundary
      at={now.kind}
      onClose={close}
      // The browser's own: what draws the others is loaded with them, and may be what failed.
      frame={(what) => (
        <dialog ref={(dialog) => dialog?.showModal()} className={css.broken} aria-label={t('common.messages')} onClose={close}>
          {what}
        </dialog>
      )}
    >
      <Suspense fallback={null}>
        {now.kind === 'palette' && <Palette team={team} me={me} task={now.task} />}
        {now.kind === 'shortcuts' && <Shortcuts />}
        {now.kind === 'property' && <PropertyDialog team={team.key} id={now.task} property={now.property} />}
        {now.kind === 'new-task' && <NewTask team={team.key} status={now.status} />}
        {now.kind === 'new-team' && <NewTeam />}
        {now.kind === 'sign-out' && <SignOut />}
        {now.kind === 'bulk' && <BulkDialog team={team.key} property={now.property} />}
        {now.kind === 'delete' && <DeleteTask team={team.key} id={now.task} />}
      </Suspense>
    </Boundary>
  );
}
