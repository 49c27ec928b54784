/** Names of labels, compared and sorted as the server does. */

/** The root order of Unicode, which English has too, whatever the language of the browser. */
const ROOT = new Intl.Collator('en');

/** What two names have in common that a team can't have both: full case folding of the composed text. */
export function folded(name: string): string {
  return name.trim().normalize('NFC').toLowerCase().toUpperCase();
}

export function byName(a: { name: string }, b: { name: string }): number {
  return ROOT.compare(a.name, b.name);
}
