import { session, signOut } from '../auth/session.ts';
import { unsavedWork } from '../drafts/unsaved.ts';
import { t } from '../i18n/index.ts';
import { open } from '../ui/stage.ts';
import { toast } from '../ui/toasts.ts';
import { atPage } from './history.ts';

/** Signs out, after a question if that would lose something. */
export function askToSignOut(): void {
  const { texts, changes } = unsavedWork();
  if (texts.length + changes.length > 0) open({ kind: 'sign-out' });
  else signOutNow().catch(() => toast({ kind: 'error', text: t('errors.signOut') }));
}

export async function signOutNow(): Promise<void> {
  await signOut();
  startAnew();
}

/** From now on: what the page has in memory for one person ends with it when another signs in. */
export function startAnewForOthers(): void {
  let last: string | null = null;
  const look = () => {
    const now = session.get();
    if (now.phase !== 'in') return;
    if (last !== null && last !== now.user.id) startAnew();
    last = now.user.id;
  };
  session.subscribe(look);
  look();
}

/** Loads the page anew: messages, links, filters and requests of one person are nobody else's. An invitation stays open. */
function startAnew(): void {
  session.set({ phase: 'starting', unreachable: false });
  atPage(() => {
    if (location.pathname === '/invite') location.reload();
    else location.replace('/');
  });
}
