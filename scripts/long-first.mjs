import { statSync } from 'node:fs';
import { relative } from 'node:path';
import { root } from './prepare.mjs';

/** The files of tests that take longest, longest first: begun last, one of them would run alone at the end. */
const LONG = [
  'test/laws/histories-one.spec.ts',
  'test/laws/histories-two.spec.ts',
  'test/named-commands/named-commands.spec.ts',
  'test/promises/promises.spec.ts',
  'test/esdb/two-nodes.spec.ts',
  'libs/event-store/src/sqlite/sqlite.spec.ts',
  'libs/read-models/src/runner/rebuild-equals-live.spec.ts',
  'test/fuzz/fuzz.spec.ts',
  'test/processes/two-servers.spec.ts',
  'test/e2e/http/fuzz.spec.ts',
  'test/sums/sums.spec.ts',
];

/** The order of the files of tests: those first, then the largest. Jest would go by how long they took the last time, which a fresh clone does not know. */
export default class LongFirst {
  sort(tests) {
    const rank = ({ path }) => {
      const index = LONG.indexOf(relative(root, path).replaceAll('\\', '/'));
      return index === -1 ? LONG.length : index;
    };
    const sizes = new Map(tests.map(({ path }) => [path, statSync(path).size]));
    return tests.toSorted((one, other) => rank(one) - rank(other) || sizes.get(other.path) - sizes.get(one.path));
  }
  shard(tests) {
    return tests;
  }
  allFailedTests(tests) {
    return tests;
  }
  cacheResults() {}
}
