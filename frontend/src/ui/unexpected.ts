/** Errors that nothing else caught: no action of a user ends unheard. */
import { ApiProblem } from '../api/problem.ts';
import { t } from '../i18n/index.ts';
import { explain } from './explain.ts';
import { sayNotLoaded } from './notLoaded.ts';
import { NotLoaded } from './later.ts';
import { toast } from './toasts.ts';

const ABOUT = 'unexpected';

/** Says so when a promise or an event handler has failed and no code has handled it. */
export function watchUnexpected(): void {
  addEventListener('unhandledrejection', ({ reason }) => report(reason));
  addEventListener('error', (event) => {
    // A ResizeObserver that has more to do in the next frame is no failure; the event has no error.
    if (event.error !== null && event.error !== undefined) report(event.error);
  });
}

function report(error: unknown): void {
  if (error instanceof DOMException && error.name === 'AbortError') return;
  if (error instanceof NotLoaded) {
    sayNotLoaded(error, () => void error.again());
    return;
  }
  const detail = error instanceof ApiProblem ? explain(error) : t('errors.unexpectedText');
  const actions = error instanceof ApiProblem ? [] : [{ label: t('errors.reload'), run: () => location.reload() }];
  toast({ kind: 'error', text: t('errors.unexpected'), detail, actions, about: ABOUT });
}
