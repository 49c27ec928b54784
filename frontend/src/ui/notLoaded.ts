import { t } from '../i18n/index.ts';
import { NotLoaded } from './later.ts';
import { toast } from './toasts.ts';

/** For what an action needs and has no place of its own on the page: says why it isn't there, with what to do. */
export function sayNotLoaded({ isOutdated }: NotLoaded, again: () => void): void {
  toast({
    kind: 'error',
    text: t(isOutdated ? 'errors.outdated' : 'errors.cantLoad'),
    detail: t(isOutdated ? 'errors.outdatedText' : 'errors.notLoadedForAction'),
    actions: [isOutdated ? { label: t('errors.reload'), run: () => location.reload() } : { label: t('common.retry'), run: again }],
    about: 'not-loaded',
  });
}
