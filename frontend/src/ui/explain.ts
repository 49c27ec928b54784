import { isOutcomeUnknown, type ApiProblem } from '../api/problem.ts';
import en from '../i18n/en.json';
import { t } from '../i18n/index.ts';

const fields = en.field;

/** Why something didn't work and what to do about it, in the user's words; never the server's. */
export function explain(problem: ApiProblem): string {
  if (isOutcomeUnknown(problem)) return t('outcome.changeUnknownText');
  switch (problem.status) {
    case 0:
      if (!navigator.onLine) return t('errors.offline');
      return problem.foreign === undefined ? t('errors.unreachable') : t('errors.foreign', { status: problem.foreign });
    case 401:
      return t('errors.sessionEnded');
    case 403:
      return t('errors.forbidden');
    case 404:
    case 410:
      return t('errors.notFound');
    case 409:
      return t('errors.conflict');
    case 412:
      return t('errors.changedMeanwhile');
    case 413:
      return t('errors.tooLarge');
    case 422:
      return invalid(problem);
    case 429:
      return tooMany(problem.retryAfterMs);
    default:
      return t(problem.status >= 500 ? 'errors.server' : 'errors.refused');
  }
}

/** What failed with the reason, as `failed` says it; the reason alone when it isn't known whether it failed. */
export function explainFailure(problem: ApiProblem, failed: (reason: string) => string): string {
  const reason = explain(problem);
  return isOutcomeUnknown(problem) ? reason : failed(reason);
}

/** Long texts are counted in bytes, which nobody knows of: one of these is about a character. */
const TOO_LONG = /(\d+) (?:bytes|characters); it has (\d+)$/;

/** The field and what is wrong with it: "Title: must not be blank". */
function invalid({ errors: [first] }: ApiProblem): string {
  if (first === undefined) return t('errors.invalid');
  const name = first.pointer.split('/')[1] ?? '';
  const field = Object.hasOwn(fields, name) ? t(`field.${name as keyof typeof fields}`) : name;
  const [, most, length] = TOO_LONG.exec(first.detail) ?? [];
  if (length !== undefined) return t('task.tooLong', { count: Number(length) - Number(most) });
  return field === '' ? first.detail : t('errors.invalidField', { field, reason: first.detail });
}

function tooMany(retryAfterMs: number | undefined): string {
  if (retryAfterMs === undefined || retryAfterMs < 2_000) return t('errors.tooMany');
  return t('errors.tooManyFor', { count: Math.ceil(retryAfterMs / 1000) });
}
