// One test file that holds every spec of the mutated group: modules are linked once a mutant, not once a spec.
// Examples come before laws, since they are quicker to fail.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folders = (process.env.MUTATION_SPECS ?? 'libs/kernel libs/billing').split(' ');

const specs = folders
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(root, folder, name)),
  )
  .filter((path) => path.endsWith('.spec.ts'))
  .sort((a, b) => Number(a.includes('laws')) - Number(b.includes('laws')) || (a < b ? -1 : 1));

for (const spec of specs) await import(spec);
