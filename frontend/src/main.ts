/**
 * The start of the page, without React: it asks for the session while the rest is downloaded. A newcomer
 * gets only the sign-in screen until they sign in.
 */
import { startSession } from './auth/session.ts';
import { lastTeam } from './shell/lastTeam.ts';
import './ui/base.css';
import './ui/fonts.css';
import { later, loadPatiently } from './ui/later.ts';
import './ui/print.css';

void startSession();
// What App draws first; it asks again where this fails.
(lastTeam() === null ? import('./auth/Welcome.tsx') : import('./shell/SignedIn.tsx')).catch(() => undefined);
void loadPatiently(later(() => import('./root.tsx')));
