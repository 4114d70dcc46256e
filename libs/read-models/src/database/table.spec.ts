import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { listed, type List } from './list.js';
import { ReadDatabase } from './read-database.js';
import { flag, integer, json, minor, orNull, table, text, type RowOf } from './table.js';

const PARTS = table(
  'parts',
  {
    partId: text(),
    kind: text<'large' | 'small'>(),
    count: integer(),
    priceMinor: orNull(minor()),
    isSpare: flag(),
    fits: json<readonly string[]>(),
    note: orNull(text()),
  },
  {
    compared: 'never',
    key: ['kind', 'partId'],
    indexes: { parts_spare: { on: ['partId'], where: 'is_spare = 1' }, parts_by_count: ['count'] },
  },
);
type Part = RowOf<typeof PARTS>;

const SCREW: Part = {
  partId: 'screw',
  kind: 'small',
  count: 12,
  priceMinor: 9_007_199_254_740_993n,
  isSpare: true,
  fits: ['a', 'b'],
  note: null,
};
const LIST: List<Part, string> = {
  name: 'parts',
  from: PARTS,
  order: ['kind', 'count', 'partId'],
  present: (row) => row.partId,
};

describe('a table, each column named once', () => {
  let database: ReadDatabase;
  beforeEach(() => {
    database = new ReadDatabase(':memory:');
    for (const sql of PARTS.created) database.exec(sql);
  });
  afterEach(() => database.close());

  it('is created as it is described', () => {
    expect(PARTS.created).toEqual([
      'CREATE TABLE parts (part_id TEXT NOT NULL, kind TEXT NOT NULL, count INTEGER NOT NULL, price_minor INTEGER, is_spare INTEGER NOT NULL, fits TEXT NOT NULL, note TEXT, PRIMARY KEY (kind, part_id)) STRICT, WITHOUT ROWID',
      'CREATE INDEX parts_spare ON parts (part_id) WHERE is_spare = 1',
      'CREATE INDEX parts_by_count ON parts (count)',
    ]);
  });

  it('gives a row back as it was written, money beyond a float too', () => {
    const put = database.insert(PARTS);
    put(SCREW);
    put({ ...SCREW, partId: 'nut', priceMinor: null, isSpare: false, note: 'loose' });
    const rows = database.rows(PARTS, 'ORDER BY part_id DESC');
    expect(rows.all()).toEqual([SCREW, { ...SCREW, partId: 'nut', priceMinor: null, isSpare: false, note: 'loose' }]);
    expect(rows.get()).toEqual(SCREW);
    expect(database.rows(PARTS, 'WHERE part_id = ?').get('bolt')).toBeUndefined();
  });

  it('refuses a second row of a key, unless it is told to replace it or to leave it', () => {
    database.insert(PARTS)(SCREW);
    expect(() => database.insert(PARTS)(SCREW)).toThrow('UNIQUE');
    expect(database.insert(PARTS, 'OR IGNORE')({ ...SCREW, count: 1 }).changes).toBe(0);
    database.insert(PARTS, 'OR REPLACE')({ ...SCREW, count: 2 });
    expect(database.rows(PARTS, '').all()).toEqual([{ ...SCREW, count: 2 }]);
  });

  it('makes cells of what has most columns as properties, and finds the others as it is told', () => {
    interface Given extends Omit<Part, 'priceMinor' | 'note' | 'partId'> {
      readonly name: string;
      readonly price: { readonly cents: number } | null;
      readonly note?: string;
    }
    const cells = PARTS.encoder<Given>({
      partId: ({ name }) => name,
      priceMinor: ({ price }) => (price === null ? null : BigInt(price.cents)),
    });
    const { partId: _, priceMinor: __, note: ___, ...same } = SCREW;
    expect(cells({ ...same, name: 'bolt', price: { cents: 5 } })).toEqual([
      'bolt',
      'small',
      12n,
      5n,
      1n,
      '["a","b"]',
      null,
    ]);
    expect(cells({ ...same, name: 'bolt', price: null, note: 'x' })).toEqual([
      'bolt',
      'small',
      12n,
      null,
      1n,
      '["a","b"]',
      'x',
    ]);
    expect(PARTS.cells(SCREW)).toEqual(['screw', 'small', 12n, SCREW.priceMinor, 1n, '["a","b"]', null]);
  });

  it('refuses money that was read as a float', () => {
    expect(() => PARTS.read(['screw', 'small', 12, 5, 1, '[]', null])).toThrow('JavaScript number');
  });

  it('lists page by page in the order of its columns, numbers by value', () => {
    const put = database.insert(PARTS);
    for (const count of [10, 9, 100, 9]) put({ ...SCREW, partId: `p${database.rows(PARTS, '').all().length}`, count });
    put({ ...SCREW, partId: 'large', kind: 'large', count: 500 });
    const pages: string[][] = [];
    for (let cursor: string | undefined; ;) {
      const page = listed(database, LIST, {}, { limit: 2, cursor });
      pages.push([...page.items]);
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    expect(pages).toEqual([['large', 'p1'], ['p3', 'p0'], ['p2']]);
    expect(listed(database, LIST, { kind: 'small', count: undefined, isSpare: true }, { limit: 1 }).items).toEqual([
      'p1',
    ]);
    expect(listed(database, LIST, { kind: 'large' }, {}).nextCursor).toBeNull();
    expect(listed(database, LIST, {}, {}, { sql: 'count > ?', parameters: [99] }).items).toEqual(['large', 'p2']);
  });
});
