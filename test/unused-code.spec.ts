import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { reportOf, seededHouse } from './seeded-house.js';

/** A lib that hands more out than the app takes. `npm test` looks at the real house in the same two ways and finds nothing. */
const HOUSE: Readonly<Record<string, string>> = {
  'apps/api/src/main.ts': "import { used } from '@billtrail/kernel';\nconsole.log(used());",
  'libs/kernel/src/index.ts': "export * from './all.js';\nexport { named, namedForSpecs } from './by-name.js';",
  'libs/kernel/src/all.ts':
    'export const used = (): number => 1;\nexport const inAll = 2;\nexport const forSpecs = 3;\nexport const forTests = 4;',
  'libs/kernel/src/by-name.ts': 'export const named = 5;\nexport const namedForSpecs = 6;',
  'libs/kernel/src/all.spec.ts':
    "import { forSpecs } from './all.js';\nimport { inTesting } from './testing/kit.js';\nconsole.log(forSpecs, inTesting);",
  'libs/kernel/src/testing/kit.ts': 'export const inTesting = 7;',
  'test/scenarios/story.spec.ts':
    "import { forTests, namedForSpecs } from '@billtrail/kernel';\nconsole.log(forTests, namedForSpecs);",
};

interface Report {
  readonly issues: readonly { readonly exports?: readonly { readonly name: string }[] }[];
}

describe('the look for unused code', () => {
  let folder: string;
  const unused = (...args: readonly string[]): readonly string[] => {
    const { issues } = reportOf(folder, 'knip/bin/knip.js', ['--reporter', 'json', ...args]) as Report;
    // A name is told where it is declared and where an index names it again.
    return [...new Set(issues.flatMap(({ exports = [] }) => exports.map(({ name }) => name)))].sort();
  };

  beforeAll(() => {
    folder = seededHouse(HOUSE, ['knip.json', 'jest.config.mjs']);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('finds through an index what nobody uses', () => {
    expect(unused()).toEqual(['inAll', 'named']);
  });

  it('finds through an index what only specs and tests use, and leaves alone what a testing room hands them', () => {
    expect(unused('--production')).toEqual(['forSpecs', 'forTests', 'inAll', 'named', 'namedForSpecs']);
  });
});
