/** What the server accepts in names, addresses and passwords, said before it has to refuse one. */
import { t } from '../i18n/index.ts';

export const NAME_MAX = 100;
export const PASSWORD_MIN = 10;
const PASSWORD_MAX_BYTES = 256;
const EMAIL_MAX = 254;

/** As `<input type="email">` takes it, and the server. */
const EMAIL =
  /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/;
/** White space, and characters that can't be seen. */
const BLANK = /^[\s\u00ad\u200b-\u200f\u2060-\u2064\ufeff]*$/;
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

/** Characters as the server counts them: code points, not UTF-16 units. */
export function characters(text: string): number {
  return Array.from(text).length;
}

/** What is wrong with one line of text, such as a name; undefined if nothing is. */
export function lineProblem(text: string, most: number, whenBlank: string): string | undefined {
  const line = text.trim();
  if (BLANK.test(line)) return whenBlank;
  const count = characters(line);
  if (count > most) return t('rules.tooLong', { most, count });
  if (CONTROL.test(line)) return t('rules.oneLine');
  return undefined;
}

export function nameProblem(name: string): string | undefined {
  return lineProblem(name, NAME_MAX, t('rules.nameBlank'));
}

export function emailProblem(email: string): string | undefined {
  const address = email.trim();
  if (address === '') return t('rules.emailBlank');
  if (!address.includes('@')) return t('rules.emailNoAt');
  return address.length <= EMAIL_MAX && EMAIL.test(address) ? undefined : t('rules.emailInvalid');
}

export function passwordProblem(password: string): string | undefined {
  const count = characters(password);
  if (count === 0) return t('rules.newPasswordBlank', { least: PASSWORD_MIN });
  if (count < PASSWORD_MIN) return t('rules.passwordShort', { least: PASSWORD_MIN, count });
  return new TextEncoder().encode(password).length > PASSWORD_MAX_BYTES ? t('rules.passwordLong') : undefined;
}
