import { Suspense } from 'react';
import type { Team, User } from '../api/types.ts';
import { Boundary } from '../ui/Boundary.tsx';
import { BrokenOverlay } from '../ui/BrokenOverlay.tsx';
import { part } from '../ui/part.ts';
import { close, stage } from '../ui/stage.ts';
import { useStore } from '../ui/useStore.ts';

const Palette = part(() => import('../palette/Palette.tsx'));
const Shortcuts = part(() => import('../palette/Shortcuts.tsx'));
const PropertyDialog = part(() => import('../palette/PropertyDialog.tsx'));
const NewTask = part(() => import('../task/NewTask.tsx'));
const NewTeam = part(() => import('../team/NewTeam.tsx'));
const DeleteTask = part(() => import('../task/DeleteTask.tsx'));
const BulkDialog = part(() => import('../task/BulkDialog.tsx'));
const SignOut = part(() => import('./SignOut.tsx'));

/** Whatever is open over the page. What needs a team appears as soon as there is one. */
export function Overlays({ team, me }: { team: Team | undefined; me: User }) {
  const now = useStore(stage, (value) => value);
  if (now === null) return null;
  return (
    <Boundary
      at={now.kind}
      onClose={close}
      frame={(what) => <BrokenOverlay onClose={close}>{what}</BrokenOverlay>}
    >
      <Suspense fallback={null}>
        {team && now.kind === 'palette' && <Palette team={team} me={me} task={now.task} />}
        {now.kind === 'shortcuts' && <Shortcuts />}
        {team && now.kind === 'property' && <PropertyDialog team={team.key} id={now.task} property={now.property} />}
        {team && now.kind === 'new-task' && <NewTask team={team.key} status={now.status} />}
        {now.kind === 'new-team' && <NewTeam />}
        {now.kind === 'sign-out' && <SignOut />}
        {team && now.kind === 'bulk' && <BulkDialog team={team.key} property={now.property} ids={now.tasks} />}
        {team && now.kind === 'delete' && <DeleteTask team={team.key} id={now.task} />}
      </Suspense>
    </Boundary>
  );
}
