import type { ReadDatabase } from '../database/read-database.js';
import type { TableOf } from '../runner/projection.js';

/** Differences that are told one by one; beyond them they are only counted. */
const MAX_ROWS_TOLD = 1_000;

/** A row that is not as the log has it. */
export interface RowDifference {
  readonly table: string;
  /** The columns of its key. */
  readonly key: Readonly<Record<string, string | number | null>>;
  readonly is: 'changed' | 'added' | 'missing';
  /** Of a changed row: which columns. */
  readonly columns: readonly string[];
}

export interface RowDifferences {
  /** How many there are. */
  readonly count: number;
  /** The first {@link MAX_ROWS_TOLD} of them. */
  readonly rows: readonly RowDifference[];
}

/** Compares the tables of a database row for row with those of another that is attached to it. It holds one row at a time. */
export function rowDifferences(database: ReadDatabase, other: string, tables: readonly TableOf[]): RowDifferences {
  const rows: RowDifference[] = [];
  let count = 0;
  for (const one of tables) {
    for (const found of differing(database, other, one)) {
      count += 1;
      if (rows.length < MAX_ROWS_TOLD) rows.push(found);
    }
  }
  return { count, rows };
}

function* differing(
  database: ReadDatabase,
  other: string,
  { name, columns, keyColumns }: TableOf,
): Iterable<RowDifference> {
  const keys = keyColumns.split(', ');
  const rest = columns.split(', ').filter((column) => !keys.includes(column));
  const joined = (first: string, second: string) =>
    `FROM ${first}.${name} f LEFT JOIN ${second}.${name} s ON ${keys.map((key) => `s.${key} = f.${key}`).join(' AND ')}`;
  const key = `json_object(${keys.map((column) => `'${column}', f.${column}`).join(', ')}) AS key`;
  const isGone = `s.${keys[0]} IS NULL`;
  const unequal = rest.map((column) => `iif(f.${column} IS s.${column}, '', '${column} ')`).join(' || ');
  const changed = rest.length === 0 ? 'FALSE' : rest.map((column) => `f.${column} IS NOT s.${column}`).join(' OR ');
  const here = database.query<[], Found>(
    `SELECT ${key}, ${isGone} AS isGone, ${unequal === '' ? `''` : unequal} AS columns ${joined('main', other)} WHERE ${isGone} OR ${changed}`,
  );
  for (const { key: at, isGone: added, columns: unlike } of here.iterate())
    yield {
      table: name,
      key: keyOf(at),
      is: added === 1n ? 'added' : 'changed',
      columns: added === 1n ? [] : unlike.split(' ').filter((column) => column !== ''),
    };
  const missing = database.query<[], Pick<Found, 'key'>>(`SELECT ${key} ${joined(other, 'main')} WHERE ${isGone}`);
  for (const { key: at } of missing.iterate()) yield { table: name, key: keyOf(at), is: 'missing', columns: [] };
}

interface Found {
  readonly key: string;
  readonly isGone: bigint;
  readonly columns: string;
}

function keyOf(json: string): RowDifference['key'] {
  return JSON.parse(json) as RowDifference['key'];
}
