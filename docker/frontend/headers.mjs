// Writes the headers that belong to the page, as its build names them, as nginx's configuration:
// node headers.mjs dist/headers.json >headers.conf
import { readFileSync } from 'node:fs';

const headers = JSON.parse(readFileSync(process.argv[2], 'utf8'));
for (const [name, value] of Object.entries(headers)) {
  // In nginx's strings a quote ends, a backslash escapes and a dollar begins a variable.
  if (!/^[\w-]+$/.test(name) || /["\\$\n]/.test(value)) throw new Error(`${name} can't be written for nginx`);
  console.log(`add_header ${name} "${value}" always;`);
}
