import { signOut } from '../auth/session.ts';
import { unsavedWork } from '../drafts/unsaved.ts';
import { t } from '../i18n/index.ts';
import { open } from '../ui/stage.ts';
import { toast } from '../ui/toasts.ts';
import { go } from './history.ts';

/** Signs out, after a question if that would lose something. An invitation stays open for the next account. */
export function askToSignOut(): void {
  const { texts, changes } = unsavedWork();
  if (texts.length + changes.length > 0) open({ kind: 'sign-out' });
  else signOutNow().catch(() => toast({ kind: 'error', text: t('errors.signOut') }));
}

export async function signOutNow(): Promise<void> {
  await signOut();
  if (location.pathname !== '/invite') go('/');
}
