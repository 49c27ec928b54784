/** Dates and numbers in the formats of the viewer's browser. Formats are kept: they are slow to make. */

/** The viewer's languages, the preferred one first; Intl takes the first one that it knows. */
function locales(): readonly string[] {
  return navigator.languages.length > 0 ? navigator.languages : [navigator.language];
}

const formats = new Map<string, Intl.DateTimeFormat>();
let numbers: Intl.NumberFormat | undefined;
let madeFor = '';

/** Drops the formats that were made for another language or time zone. */
export function refreshFormats(): void {
  const now = `${locales().join()} ${Intl.DateTimeFormat().resolvedOptions().timeZone}`;
  if (now === madeFor) return;
  madeFor = now;
  formats.clear();
  numbers = undefined;
}

/** `date` in the format that `name` stands for; nothing for a date that isn't one. */
export function formatted(date: Date, name: string, options: Intl.DateTimeFormatOptions): string {
  if (Number.isNaN(date.getTime())) return '';
  const format = formats.get(name) ?? new Intl.DateTimeFormat([...locales()], options);
  formats.set(name, format);
  return format.format(date);
}

/** "1,234", "1.234", "١٬٢٣٤". */
export function number(value: number): string {
  numbers ??= new Intl.NumberFormat([...locales()], { maximumFractionDigits: 1 });
  return numbers.format(value);
}
