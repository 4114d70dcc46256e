import { nameInSql } from '../database/table.js';
import type { Projection, TableOf } from '../runner/projection.js';

/** Whose rows are summed: of a client-period, of a client (period ''), or those that matter to all clients, and those of none (both ''). */
export interface Place {
  readonly clientId: string;
  readonly period: string;
}

export const ALL_CLIENTS: Place = { clientId: '', period: '' };

/** Of a client-period, of a client, of none in particular. */
type Level = 'all' | 'client' | 'period';

export function levelOf({ clientId, period }: Place): Level {
  if (clientId === '') return 'all';
  return period === '' ? 'client' : 'period';
}

/** A month has no line break, so it is read in one way. */
export function textOfPlace({ clientId, period }: Place): string {
  return `${period}\n${clientId}`;
}

export function placeOfText(text: string): Place {
  const end = text.indexOf('\n');
  return { period: text.slice(0, end), clientId: text.slice(end + 1) };
}

/** Of each read model the tables that money rests on. One that has none is not among them. */
export type ComparedTables = ReadonlyMap<string, readonly ComparedTable[]>;

export function comparedTables(projections: readonly Projection[]): ComparedTables {
  const found = projections.map(({ name, tables }) => {
    return [name, tables.filter((one) => one.compared !== 'never').map((one) => new ComparedTable(one))] as const;
  });
  return new Map(found.filter(([, tables]) => tables.length > 0));
}

/** In place of the place of a row that belongs to one of another table, where that is not there. */
export const OWNER_MISSING = 0;
/** How the rows of a table are told one by one, each with its place. */
export class ComparedTable {
  private readonly cells: readonly string[];
  private readonly keys: readonly string[];

  constructor(private readonly table: TableOf) {
    this.cells = table.columns.split(', ');
    this.keys = table.keyColumns.split(', ');
  }

  get name(): string {
    return this.table.name;
  }

  /**
   * On this connection alone: a table of the rows that came, changed or went, by their keys; each as it was before the first change, with its place, or nulls
   * where it was not there.
   */
  watched(): readonly string[] {
    const on = (name: string, event: string, work: string) =>
      `CREATE TEMP TRIGGER IF NOT EXISTS compared_${this.name}_${name} AFTER ${event} ON main.${this.name} ${work}; END`;
    const keyOf = (row: string) => this.keys.map((column) => `${row}.${column}`).join(', ');
    // Not OR IGNORE: an INSERT OR REPLACE that fires the trigger would replace here too.
    const came = `INSERT INTO ${this.touched} VALUES (${keyOf('NEW')}, NULL, NULL) ON CONFLICT DO NOTHING`;
    const isFirst = `NOT EXISTS (SELECT 1 FROM temp.${this.touched} s WHERE ${this.isKeyOf('s', 'OLD')})`;
    const was = `INSERT INTO ${this.touched} VALUES (${keyOf('OLD')}, ${this.placeIn('OLD')}, ${this.row('OLD')})`;
    const columns = this.keys.join(', ');
    return [
      `CREATE TEMP TABLE IF NOT EXISTS ${this.touched} (${columns}, place, row, PRIMARY KEY (${columns})) WITHOUT ROWID`,
      on('came', 'INSERT', `BEGIN ${came}`),
      on('changed', 'UPDATE', `WHEN ${isFirst} BEGIN ${was}`),
      on('renamed', `UPDATE OF ${columns}`, `BEGIN ${came}`),
      on('went', 'DELETE', `WHEN ${isFirst} BEGIN ${was}`),
    ];
  }

  /** Tells `compared_row` of each row that was touched its place and text, as they were and as they are. */
  toldOfTouched(): string {
    const now = (what: string) => `iif(t.${this.keys[0]} IS NULL, NULL, ${what})`;
    return `SELECT count(compared_row(s.place, s.row, ${now(this.placeIn('t'))}, ${now(this.row('t'))}))
      FROM temp.${this.touched} s LEFT JOIN main.${this.name} t ON ${this.isKeyOf('t', 's')}`;
  }

  /** What was touched is forgotten. */
  untouched(): string {
    return `DELETE FROM temp.${this.touched}`;
  }

  /** Each row as text of the places of a level: of the client and period that are given, where it has them. null: the table has no rows there. */
  rowsAt(level: Level): string | null {
    const { of, client, period } = this.whose();
    const rows = `SELECT ${this.row('t')} FROM ${of}`;
    if (client === null) return level === 'all' ? rows : null;
    if (level === 'all') return `${rows} WHERE ${isNone(client)}`;
    if (period === null) return level === 'client' ? `${rows} WHERE ${client} = :clientId` : null;
    return `${rows} WHERE ${client} = :clientId AND ${level === 'client' ? isNone(period) : `${period} = :period`}`;
  }

  /** Whether the client has rows in a month of which no sum was kept. null: the table has no months of its own. */
  monthsWithoutSum(): string | null {
    const { compared } = this.table;
    if (typeof compared === 'string' || !('client' in compared) || compared.period === undefined) return null;
    const { of, client, period } = this.whose();
    return `SELECT EXISTS (SELECT 1 FROM ${of} WHERE ${client} = :clientId AND ${period} <> '' AND ${period} NOT IN (
      SELECT period FROM compared_sums WHERE model = :model AND client_id = :clientId))`;
  }

  /** The places, as text, that have rows and no sum. */
  placesWithoutSum(): string {
    const { of, ...columns } = this.whose();
    const { client, period } = inSql(columns);
    return `SELECT DISTINCT ${placeOf(columns)} FROM ${of} WHERE NOT EXISTS (
      SELECT 1 FROM compared_sums s WHERE s.model = :model AND s.client_id = ${client} AND s.period = ${period})`;
  }

  private whose(): Columns & { readonly of: string } {
    const { compared } = this.table;
    if (compared === 'with-all' || compared === 'never') return { of: `${this.name} t`, client: null, period: null };
    if ('client' in compared) return { of: `${this.name} t`, ...columnsOf('t', compared) };
    const { as, by } = compared;
    const column = nameInSql(by);
    return {
      of: `${as.name} p CROSS JOIN ${this.name} t ON t.${column} = p.${column}`,
      ...columnsOf('p', as.compared),
    };
  }

  /** That of one row as text, as {@link textOfPlace} writes it. */
  private placeIn(row: string): string {
    const { compared } = this.table;
    if (compared === 'with-all' || compared === 'never' || 'client' in compared)
      return placeOf(columnsOf(row, compared));
    const { as, by } = compared;
    const column = nameInSql(by);
    const ofOther = placeOf(columnsOf('p', as.compared));
    return `coalesce((SELECT ${ofOther} FROM main.${as.name} p WHERE p.${column} = ${row}.${column}), ${OWNER_MISSING})`;
  }

  private get touched(): string {
    return `touched_${this.name}`;
  }

  private isKeyOf(one: string, other: string): string {
    return this.keys.map((column) => `${one}.${column} = ${other}.${column}`).join(' AND ');
  }

  /** As JSON, with the name of the table: no two rows have the same text. */
  private row(of: string): string {
    return `json_array('${this.name}', ${this.cells.map((cell) => `${of}.${cell}`).join(', ')})`;
  }
}

/** Of a row: null where the table has no clients, or no months. */
interface Columns {
  readonly client: string | null;
  readonly period: string | null;
}

function isNone(column: string): string {
  return `(${column} IS NULL OR ${column} = '')`;
}

/** A row of no client is among those of all; one of no month, where the table has months, among those of the client. */
function inSql({ client, period }: Columns): { readonly client: string; readonly period: string } {
  if (client === null) return { client: `''`, period: `''` };
  const month = period === null ? `''` : `iif(${isNone(client)}, '', coalesce(${period}, ''))`;
  return { client: `coalesce(${client}, '')`, period: month };
}

/** As {@link textOfPlace} writes it. */
function placeOf(columns: Columns): string {
  const { client, period } = inSql(columns);
  return `${period} || char(10) || ${client}`;
}

type InTable = TableOf['compared'];

function columnsOf(row: string, compared: InTable): Columns {
  if (typeof compared === 'string' || !('client' in compared)) return { client: null, period: null };
  const { client, period } = compared;
  return { client: `${row}.${nameInSql(client)}`, period: period === undefined ? null : `${row}.${nameInSql(period)}` };
}
