import { statSync } from 'node:fs';
import { basename, dirname, relative } from 'node:path';
import { root } from './prepare.mjs';
import { FOLDER, GROUPS } from './together/groups.mjs';
import { LONG } from './together/long.mjs';

/**
 * The order of the files of tests: those that take longest, longest first, then the groups, then the others; groups and others by the size of their specs. Jest would go by how long they took the
 * last time, which a fresh clone does not know.
 */
export default class LongFirst {
  sort(tests) {
    const groups = new Map(GROUPS.map(({ file, size }) => [file, size]));
    const placed = tests.map((test) => {
      const path = relative(root, test.path).replaceAll('\\', '/');
      const size = dirname(path) === FOLDER ? groups.get(basename(path)) : undefined;
      if (size !== undefined) return { test, rank: LONG.length, size };
      const index = LONG.indexOf(path);
      return { test, rank: index === -1 ? LONG.length + 1 : index, size: statSync(test.path).size };
    });
    return placed.sort((one, other) => one.rank - other.rank || other.size - one.size).map(({ test }) => test);
  }
  shard(tests) {
    return tests;
  }
  allFailedTests(tests) {
    return tests;
  }
  cacheResults() {}
}
