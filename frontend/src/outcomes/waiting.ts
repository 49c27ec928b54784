/** Says that writes are waiting, for what, and when they are through. */
import { isAllKept } from '../drafts/drafts.ts';
import { t } from '../i18n/index.ts';
import { dismissAbout, toast } from '../ui/toasts.ts';
import type { Waiting } from './persist.ts';

const ABOUT = 'waiting';

const waiting = new Map<number, Waiting>();
let wasOffline = false;
let hasFailed = false;

export function startWaiting(id: number, why: Waiting): void {
  if (waiting.get(id) === why) return;
  waiting.set(id, why);
  if (why === 'offline') wasOffline = true;
  show(why);
}

export function stopWaiting(id: number, isSaved: boolean): void {
  if (!waiting.delete(id)) return;
  hasFailed ||= !isSaved;
  const [why] = waiting.values();
  if (why !== undefined) {
    show(why);
    return;
  }
  dismissAbout(ABOUT);
  // Not `done`: what was saved last is said at the same time, and neither takes the other's place.
  if (wasOffline && !hasFailed) toast({ kind: 'info', text: t('outcome.allSent'), about: ABOUT });
  wasOffline = false;
  hasFailed = false;
}

function show(why: Waiting): void {
  const count = waiting.size;
  if (why === 'offline') {
    const [text, detail] = [t('outcome.offline', { count }), t(isAllKept() ? 'outcome.offlineText' : 'outcome.offlineTextHere', { count })];
    toast({ kind: 'info', text, detail, about: ABOUT, stays: true });
  } else if (why === 'session') toast({ kind: 'info', text: t('outcome.signedOut', { count }), about: ABOUT, stays: true });
  else toast({ kind: 'info', text: t('outcome.retrying', { count }), about: ABOUT, stays: true });
}
