import { nameInSql } from '../database/table.js';
import type { Projection, TableOf } from '../runner/projection.js';

/** Whose rows are summed: of a client-period, of a client (period ''), or those that matter to all clients (both ''). */
export interface Place {
  readonly clientId: string;
  readonly period: string;
}

export const ALL_CLIENTS: Place = { clientId: '', period: '' };

type Level = 'all' | 'client' | 'period';

export function levelOf({ clientId, period }: Place): Level {
  if (clientId === '') return 'all';
  return period === '' ? 'client' : 'period';
}

/** Of each read model the tables that money rests on. One that has none is not among them. */
export type ComparedTables = ReadonlyMap<string, readonly ComparedTable[]>;

export function comparedTables(projections: readonly Projection[]): ComparedTables {
  const found = projections.map(({ name, tables }) => {
    return [name, tables.filter((one) => one.compared !== 'never').map((one) => new ComparedTable(one))] as const;
  });
  return new Map(found.filter(([, tables]) => tables.length > 0));
}

/** In place of the client of a row that belongs to one of another table, where that is not there. */
export const OWNER_MISSING = 0;
const NONE = `''`;

/** How the rows of a table are told one by one, each with its place. */
export class ComparedTable {
  readonly level: Level;
  private readonly cells: readonly string[];
  private readonly keys: readonly string[];

  constructor(private readonly table: TableOf) {
    const { compared } = table;
    this.cells = table.columns.split(', ');
    this.keys = table.keyColumns.split(', ');
    this.level = levelIn(compared);
  }

  get name(): string {
    return this.table.name;
  }

  /**
   * On this connection alone: asks `touched` of each row that comes, changes or goes, by its keys before and after; where it is the first time, tells `was` the row
   * as it was, with its place.
   */
  triggers(): readonly string[] {
    const on = (event: string, work: string) =>
      `CREATE TEMP TRIGGER IF NOT EXISTS compared_${this.name}_${event.toLowerCase()} AFTER ${event} ON main.${this.name} BEGIN ${work}; END`;
    const touched = (before: string, after: string) =>
      `touched('${this.name}', ${this.key(before)}, ${this.key(after)})`;
    const was = `SELECT was(${this.placeIn('OLD').join(', ')}, ${this.row('OLD')}) WHERE`;
    return [
      on('INSERT', `SELECT ${touched('NEW', 'NEW')}`),
      on('UPDATE', `${was} ${touched('OLD', 'NEW')}`),
      on('DELETE', `${was} ${touched('OLD', 'OLD')}`),
    ];
  }

  /** The row with a key, with its place. */
  rowByKey(): string {
    const key = this.keys.map((column) => `t.${column} = ?`).join(' AND ');
    const [client, period] = this.placeIn('t');
    return `SELECT ${client} AS clientId, ${period} AS period, ${this.row('t')} AS row FROM main.${this.name} t WHERE ${key}`;
  }

  /** Each row as text, of the client and period that are given where the level has them. */
  rowsOfPlace(): string {
    const { compared } = this.table;
    if (compared === 'with-all' || compared === 'never') return `SELECT ${this.row('t')} FROM ${this.name} t`;
    const { of, client, period } = this.whose();
    const conditions = [`${client} = :clientId`, ...(period === null ? [] : [`${period} = :period`])];
    return `SELECT ${this.row('t')} FROM ${of} WHERE ${conditions.join(' AND ')}`;
  }

  /** Whether the client has rows in a month of which no sum was kept. null: the table has no months of its own. */
  monthsWithoutSum(): string | null {
    const { compared } = this.table;
    if (typeof compared === 'string' || !('client' in compared) || compared.period === undefined) return null;
    const { of, client, period } = this.whose();
    return `SELECT EXISTS (SELECT 1 FROM ${of} WHERE ${client} = :clientId AND ${period} <> '' AND ${period} NOT IN (
      SELECT period FROM compared_sums WHERE model = :model AND client_id = :clientId))`;
  }

  /** All rows, each with its place; nulls: it is nobody's, and no document rests on it. */
  allRows(): string {
    const { of, client, period } = this.whose();
    return `SELECT ${knownIn(client)} AS clientId, ${knownIn(period)} AS period, ${this.row('t')} AS row FROM ${of}`;
  }

  private whose(): { readonly of: string; readonly client: string; readonly period: string | null } {
    const { compared } = this.table;
    if (compared === 'with-all' || compared === 'never') return { of: `${this.name} t`, client: NONE, period: null };
    if ('client' in compared) return { of: `${this.name} t`, ...columnsOf('t', compared) };
    const { as, by } = compared;
    const column = nameInSql(by);
    return {
      of: `${as.name} p CROSS JOIN ${this.name} t ON t.${column} = p.${column}`,
      ...columnsOf('p', as.compared),
    };
  }

  /** Client and period of one row. */
  private placeIn(row: string): readonly [client: string, period: string] {
    const { compared } = this.table;
    if (compared === 'with-all' || compared === 'never') return [NONE, NONE];
    if ('client' in compared) {
      const { client, period } = columnsOf(row, compared);
      return [knownIn(client), knownIn(period)];
    }
    const { as, by } = compared;
    const { client, period } = columnsOf('p', as.compared);
    const column = nameInSql(by);
    const asked = (what: string) => `(SELECT ${what} FROM main.${as.name} p WHERE p.${column} = ${row}.${column})`;
    return [`coalesce(${asked(client)}, ${OWNER_MISSING})`, period === null ? NONE : asked(period)];
  }

  private key(of: string): string {
    return `json_array(${this.keys.map((column) => `${of}.${column}`).join(', ')})`;
  }

  /** As JSON, with the name of the table: no two rows have the same text. */
  private row(of: string): string {
    return `json_array('${this.name}', ${this.cells.map((cell) => `${of}.${cell}`).join(', ')})`;
  }
}

/** A row of no client, or of no month where the table has months, is nobody's. */
function knownIn(column: string | null): string {
  return column === null || column === NONE ? NONE : `nullif(${column}, '')`;
}

type InTable = TableOf['compared'];

function columnsOf(row: string, compared: InTable): { readonly client: string; readonly period: string | null } {
  if (typeof compared === 'string' || !('client' in compared)) return { client: NONE, period: null };
  const { client, period } = compared;
  return { client: `${row}.${nameInSql(client)}`, period: period === undefined ? null : `${row}.${nameInSql(period)}` };
}

function levelIn(compared: InTable): Level {
  if (typeof compared === 'string') return 'all';
  if ('as' in compared) return levelIn(compared.as.compared);
  return compared.period === undefined ? 'client' : 'period';
}
