import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { StoredEventType } from '@billtrail/kernel';
import { storedNames } from '@billtrail/application';
import { reportOf, seededHouse } from './seeded-house.js';

/** A small house with every kind of forbidden import. `npm test` runs the same rules over the real one and finds none. */
const WRONG: Readonly<Record<string, string>> = {
  'libs/kernel/src/index.ts': "export { rate } from '../../billing/src/rate.js';",
  'libs/billing/src/rate.ts': "import Database from 'better-sqlite3';\nexport const rate = new Database(':memory:');",
  'libs/billing/src/rating/price.ts': [
    "import type { Settled } from '../settled/settled-work.js';",
    "import type { FrozenItem } from '../item/frozen-item.js';",
    "import type { Item } from '../item/item.js';",
    'export const price = (settled: Settled, frozen: FrozenItem): Item => ({ ...settled, ...frozen });',
  ].join('\n'),
  'libs/billing/src/rating/caps.ts':
    "export { gapOf } from '../gaps/gap.js';\nexport { draft } from '../account/draft.js';",
  'libs/billing/src/settled/settled-work.ts':
    "import type { FrozenItem } from '../item/frozen-item.js';\nexport type Settled = { frozen: FrozenItem };",
  'libs/billing/src/item/frozen-item.ts': 'export type FrozenItem = { net: string };',
  'libs/billing/src/item/item.ts': 'export type Item = { id?: string };',
  'libs/billing/src/gaps/gap.ts': 'export const gapOf = 1;',
  'libs/billing/src/account/draft.ts': 'export const draft = 1;',
  'libs/ticketing/src/moves.ts': "import { readFileSync } from 'node:fs';\nexport const decide = readFileSync;",
  'libs/read-models/src/model.ts': "export { decide } from '../../ticketing/src/moves.js';",
  'libs/read-models/src/rows.ts':
    "import type { Database } from 'better-sqlite3';\nexport type Rows = { of: Database };",
  'libs/read-models/src/file.ts':
    "import Database from 'better-sqlite3';\nexport const file = new Database('file.db');",
  'libs/event-store/src/one.ts': "export { two } from './two.js';\nexport const one = 1;",
  'libs/event-store/src/two.ts': "import { one } from './one.js';\nexport const two = one;",
  'libs/contracts/src/terms.ts': "import type { Price } from './price.js';\nexport type Terms = { price: Price };",
  'libs/contracts/src/price.ts': "import type { Terms } from './terms.js';\nexport type Price = { of: Terms };",
  'apps/api/src/main.ts': "export { main } from '../../cli/src/main.js';\nexport { gone } from './gone.js';",
  'apps/cli/src/main.ts': "import fc from 'fast-check';\nexport const main = fc;",
};

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}

describe('the plan of the house', () => {
  let folder: string;
  let broken: readonly Violation[];

  beforeAll(() => {
    folder = seededHouse(WRONG, ['.dependency-cruiser.cjs']);
    const report = reportOf(folder, 'dependency-cruiser/bin/dependency-cruise.mjs', [
      'apps',
      'libs',
      '--config',
      '.dependency-cruiser.cjs',
      '--output-type',
      'json',
    ]) as { readonly summary: { readonly violations: readonly Violation[] } };
    broken = report.summary.violations;
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    'kernel-imports-only-itself',
    'domain-is-pure',
    'read-models-never-decide',
    'apps-never-import-each-other',
    'sqlite-stays-in-its-rooms',
    'no-circles',
    'no-unresolvable',
    'not-to-dev-dependency',
  ])('the rule %s is broken by what breaks it', (rule) => {
    expect(broken.map((violation) => violation.rule.name)).toContain(rule);
  });

  it('lets rating import no settled work, gaps, accounts or frozen items, and leaves the rest of items to it', () => {
    const edges = broken.filter(({ rule }) => rule.name === 'rating-knows-nothing-frozen');
    expect(
      edges.map(({ from, to }) => [from, to].map((file) => file.replace('libs/billing/src/', '')).join(' ')).sort(),
    ).toEqual([
      'rating/caps.ts account/draft.ts',
      'rating/caps.ts gaps/gap.ts',
      'rating/price.ts item/frozen-item.ts',
      'rating/price.ts settled/settled-work.ts',
    ]);
  });

  it('lets others name the types of SQLite, and open no file of it', () => {
    const opening = broken.filter(({ rule }) => rule.name === 'one-way-to-open-sqlite');
    expect(opening.map(({ from }) => from).sort()).toEqual([
      'libs/billing/src/rate.ts',
      'libs/read-models/src/file.ts',
    ]);
  });

  it('refuses a circle of types as it refuses one of values', () => {
    const circles = broken.filter(({ rule }) => rule.name === 'no-circles').map(({ from }) => dirname(from));
    expect([...new Set(circles)].sort()).toEqual(['libs/contracts/src', 'libs/event-store/src']);
  });
});

/** Where the use cases append to the log: commands through their one handler, policies and what completes a command through another, access, persons and the gate through their own. */
const APPENDERS = [
  'access/access.ts',
  'access/record-of-person.ts',
  'command-path/append-as.ts',
  'command-path/decide-and-append.ts',
  'gate/adopt.ts',
];

describe('what the application appends', () => {
  const root = join('libs', 'application', 'src');
  const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && !file.startsWith('testing'),
  );
  const appends = (text: string): boolean => /\b(store|log)\s*\.\s*append\(/.test(text);

  it('goes through one place for all policies', () => {
    const found = sources.filter((file) => appends(readFileSync(join(root, file), 'utf8')));
    expect(found.sort()).toEqual(APPENDERS);
    const policies = sources.filter((file) => file.startsWith('policies'));
    expect(policies.length).toBeGreaterThan(8);
    const other = policies.filter((file) => file !== 'policies/fence.ts');
    expect(other.filter((file) => readFileSync(join(root, file), 'utf8').includes('appendAs('))).toEqual([]);
  });

  it('would be found elsewhere', () => {
    expect(appends('await this.ports.store.append({')).toBe(true);
    expect(appends('await store\n  .append({')).toBe(true);
  });
});

/** Types whose list of personal fields is missing, or is none: a path is names with dots between, `[]` after the name of a list. */
function withoutPersonalFields(types: readonly StoredEventType[]): readonly string[] {
  const path = /^[a-zA-Z]+(\[\])?(\.[a-zA-Z]+(\[\])?)*$/;
  return types
    .filter(({ personalFields: fields }) => {
      const isList = Array.isArray(fields) && new Set(fields).size === fields.length;
      return !isList || !fields.every((field) => path.test(field));
    })
    .map(({ type }) => type);
}

describe('the personal fields of stored events', () => {
  it('are listed for every type that any lib stores', () => {
    expect(storedNames.types().length).toBeGreaterThan(60);
    expect(withoutPersonalFields(storedNames.types())).toEqual([]);
  });

  it('are missed where a type has no list, or one that is no list of paths', () => {
    const stored = { storedName: 'seeded', schemaVersion: 1 };
    const seeded = [
      { type: 'None', ...stored },
      { type: 'NoPath', ...stored, personalFields: ['reason of it'] },
      { type: 'Twice', ...stored, personalFields: ['reason', 'reason'] },
      { type: 'Right', ...stored, personalFields: ['lines[].description', 'seller.name'] },
    ];
    expect(withoutPersonalFields(seeded as readonly StoredEventType[])).toEqual(['None', 'NoPath', 'Twice']);
  });
});

/** Who may act at the command line without a person: the account of the machine, for persons and keys, and the made-up people of the demo; an import is a person’s, as the system. */
const ACTORS_OF_ITS_OWN = ['acting.ts', 'commands/demo.ts', 'commands/import.ts', 'demo/load-month.ts'];

describe('the command line', () => {
  const root = join('libs', 'command-line', 'src');
  const named = (text: string): boolean => /\brole: '/.test(text);

  it('has no actor of its own but where it says so: what it records is a person’s (Z9)', () => {
    const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'),
    );
    expect(sources.filter((file) => named(readFileSync(join(root, file), 'utf8'))).sort()).toEqual(ACTORS_OF_ITS_OWN);
    expect(named("const OWNER: Actor = { id: 'owner', role: 'admin' };")).toBe(true);
  });
});
