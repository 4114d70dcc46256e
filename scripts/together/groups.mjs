// Specs that `npm test` runs several of in one test file: what they import is then read, linked and compiled once a group, not once a spec. It halves the time of short ones.
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../prepare.mjs';
import { LONG } from './long.mjs';

/** Where the test files of the groups are, beside the specs that they import. */
export const FOLDER = '.together';

/**
 * The folders whose specs share test files, each with the bytes of specs that one file has at most: some ten seconds of tests. Specs of other folders start processes, count what their process has,
 * or take long: they have a file each.
 */
const TOGETHER = {
  'libs/kernel': 250_000,
  'libs/ticketing': 250_000,
  'libs/contracts': 250_000,
  'libs/billing': 250_000,
  'libs/input': 250_000,
  'libs/read-models': 100_000,
  'libs/application': 100_000,
  'libs/importing': 100_000,
  'test/scenarios': 100_000,
  'test/e2e/http': 100_000,
};

/** Scenarios that also run with their logs in an EventStoreDB, without a wire: two processes at one log, races, verdicts, numbers, credits, read models that are lost. `npm run proof -- --only stores` runs all of them over one. */
const ON_EVENTSTOREDB = [
  'approvals',
  'bulk-approvals',
  'contracts-of-a-client',
  'credit-notes',
  'credited-at-once',
  'forgoing-raced',
  'forgoing-verdicts',
  'issued-in-order',
  'lost-read-models',
  'policy-failed',
];

/** A hook at the root of a file would run for all specs of its group. */
const HAS_HOOK_AT_ROOT = /^(?:before|after)(?:All|Each)\(/m;

const bytesOf = (specs) => specs.reduce((sum, path) => sum + statSync(join(root, path)).size, 0);

/** The specs of a folder in the fewest groups that keep to the size, all about as large. */
function groupsOf(folder, most) {
  const paths = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.spec.ts') && !LONG.includes(path))
    .filter((path) => !HAS_HOOK_AT_ROOT.test(readFileSync(join(root, path), 'utf8')));
  return grouped(folder.replaceAll('/', '-'), paths, most);
}

function grouped(name, paths, most) {
  const specs = paths
    .map((path) => ({ path, size: bytesOf([path]) }))
    .sort((one, other) => other.size - one.size || (one.path < other.path ? -1 : 1));
  const groups = Array.from({ length: Math.ceil(bytesOf(paths) / most) }, (_, index) => ({
    file: `${name}-${index + 1}.spec.mjs`,
    specs: [],
    size: 0,
  }));
  for (const { path, size } of specs) {
    const smallest = groups.reduce((least, group) => (group.size < least.size ? group : least));
    smallest.specs.push(path);
    smallest.size += size;
  }
  return groups;
}

const inMemoryAndFiles = Object.entries(TOGETHER).flatMap(([folder, most]) => groupsOf(folder, most));
const scenariosOnEventStoreDb = grouped(
  'scenarios-on-eventstoredb',
  ON_EVENTSTOREDB.map((name) => `test/scenarios/${name}.spec.ts`),
  TOGETHER['test/scenarios'],
);

/** The specs that have no test file of their own. */
export const SPECS_TOGETHER = inMemoryAndFiles.flatMap(({ specs }) => specs);

export const GROUPS = [
  ...inMemoryAndFiles,
  ...scenariosOnEventStoreDb.map((group) => ({
    ...group,
    environment: { BILLTRAIL_TEST_STORE: 'eventstoredb-in-memory' },
  })),
];

const textOf = ({ specs, environment = {} }) => `import { it } from '@jest/globals';

// Asked by no-hooks-at-root.mjs.
globalThis.holdsSeveralSpecs = true;
Object.assign(process.env, ${JSON.stringify(environment)});
for (const spec of ${JSON.stringify(specs.toSorted(), null, 2)}) {
  try {
    await import(\`../\${spec}\`);
  } catch (error) {
    it(\`\${spec} can be read\`, () => {
      throw error;
    });
  }
}
`;

/** Writes the test file of each group. */
export function writeGroups() {
  removeGroups();
  mkdirSync(join(root, FOLDER));
  for (const group of GROUPS) writeFileSync(join(root, FOLDER, group.file), textOf(group));
}

export function removeGroups() {
  rmSync(join(root, FOLDER), { recursive: true, force: true });
}
