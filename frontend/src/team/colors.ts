/** The colours that labels are offered; they differ from each other on light and on dark ground. */
export const COLORS = [
  { name: 'indigo', value: '#5e6ad2' },
  { name: 'teal', value: '#26a5a0' },
  { name: 'green', value: '#4cb782' },
  { name: 'yellow', value: '#d9a514' },
  { name: 'orange', value: '#e2762c' },
  { name: 'red', value: '#d9534f' },
  { name: 'pink', value: '#c557a8' },
  { name: 'gray', value: '#8b8f9c' },
] as const;

/** The first colour that no label has yet, else the next one in turn. */
export function nextColor(used: readonly string[]): string {
  const free = COLORS.find(({ value }) => !used.includes(value)) ?? COLORS[used.length % COLORS.length];
  return free?.value ?? COLORS[0].value;
}
