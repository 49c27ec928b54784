/** What the server accepts in names, addresses and passwords, said before it has to refuse one. */
import { t } from '../i18n/index.ts';

export const NAME_MAX = 100;
export const PASSWORD_MIN = 10;
const PASSWORD_MAX_BYTES = 256;
const EMAIL_MAX = 254;

/** As `<input type="email">` takes it, and the server. */
const EMAIL =
  /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/;
/** White space, and characters that can't be seen; `is_blank` in the server's `domain` has the same. */
const BLANK =
  // eslint-disable-next-line no-misleading-character-class -- they are single characters, each for itself
  /^[\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\u{e0000}-\u{e0fff}]*$/u;
/** Control characters and the ends of lines. */
const CONTROL = /[\p{Cc}\u2028\u2029]/u;
/** With these a line can look like another than it is. */
const BIDI = /\p{Bidi_Control}/u;

/** Characters as the server counts them: code points, not UTF-16 units. */
export function characters(text: string): number {
  return Array.from(text).length;
}

/** What is wrong with one line of text, such as a name; undefined if nothing is. */
export function lineProblem(text: string, most: number, whenBlank: string): string | undefined {
  const line = text.trim().normalize('NFC');
  if (BLANK.test(line)) return whenBlank;
  const count = characters(line);
  if (count > most) return t('rules.tooLong', { most, count });
  if (CONTROL.test(line)) return t('rules.oneLine');
  if (BIDI.test(line)) return t('rules.direction');
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
  const prepared = prepare(password);
  const count = characters(prepared);
  if (count === 0) return t('rules.newPasswordBlank', { least: PASSWORD_MIN });
  if (count < PASSWORD_MIN) return t('rules.passwordShort', { least: PASSWORD_MIN, count });
  const bytes = (text: string) => new TextEncoder().encode(text).length;
  if (Math.max(bytes(password), bytes(prepared)) > PASSWORD_MAX_BYTES) return t('rules.passwordLong');
  return /\p{Cc}/u.test(prepared) ? t('rules.passwordControl') : undefined;
}

/** As the server hashes it (RFC 8265, OpaqueString). */
function prepare(password: string): string {
  return password.replace(/\p{Zs}/gu, ' ').normalize('NFC');
}
