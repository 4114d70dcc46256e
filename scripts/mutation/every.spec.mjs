// One test file that holds every spec of the mutated group: modules are linked once a mutant, not once a spec.
// Laws and the published cards stay out: a mutant must die by an example, and those cost the most time. They run in `npm test`.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const named = (process.env.MUTATION_SPECS ?? 'libs/kernel libs/billing').split(' ');
const LEFT_OUT = /(laws|published-cards)\.spec\.ts$/;

const filesIn = (folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(root, folder, name));

const specs = named
  .flatMap((name) => (name.endsWith('.ts') ? [join(root, name)] : filesIn(name)))
  .filter((path) => path.endsWith('.spec.ts') && !LEFT_OUT.test(path))
  .sort();

for (const spec of specs) await import(spec);
