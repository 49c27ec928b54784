import type { ApiProblem } from '../api/problem.ts';
import { t } from '../i18n/index.ts';

/** Why something didn't work, for whoever wanted it. */
export function explain(problem: ApiProblem): string {
  switch (problem.status) {
    case 0:
      return t(navigator.onLine ? 'errors.unreachable' : 'errors.offline');
    case 403:
      return t('errors.forbidden');
    case 404:
      return t('errors.notFound');
    case 412:
      return t('errors.changedMeanwhile');
    case 429:
      return t('errors.tooMany');
    case 422:
      return problem.errors[0]?.detail ?? problem.message;
    default:
      return problem.status >= 500 ? t('errors.server') : problem.message || problem.title;
  }
}
