import { Position, START, type EventStore, type PositionNumber } from '@billtrail/event-store';
import {
  decodeCursor,
  decodePosition,
  encodeCursor,
  encodePosition,
  pageLimit,
  pageOf,
  type Page,
  type PageRequest,
} from './paging.js';
import type { ReadDatabase } from './read-database.js';
import { nameInSql, type Cell, type Table } from './table.js';

/** What must be so of a row: columns by value; what is `undefined` is not asked. */
export type Where<Row> = { readonly [Name in keyof Row]?: Row[Name] | undefined };

/** A further condition, in SQL. */
export interface Also {
  readonly sql: string;
  readonly parameters: readonly Cell[];
}

/** A list that is read page by page, in the order of columns that tell its rows apart. */
export interface List<Row, Item> {
  /** In its cursors, so that a cursor of another list is refused. */
  readonly name: string;
  readonly from: Table<Row>;
  readonly order: readonly (keyof Row & string)[];
  readonly present: (row: Row) => Item;
}

export function listed<Row, Item>(
  database: ReadDatabase,
  { name, from, order, present }: List<Row, Item>,
  where: Where<Row>,
  page: PageRequest,
  also: Also = { sql: 'TRUE', parameters: [] },
): Page<Item> {
  const limit = pageLimit(page);
  const sorts = order.map((column) => from.sorts(column));
  const after = decodeCursor(name, sorts, page.cursor);
  const columns = order.map(nameInSql).join(', ');
  const asked = conditions(from, where);
  const beyond = after === null ? 'TRUE' : `(${columns}) > (${order.map(() => '?').join(', ')})`;
  const rows = database
    .rows(from, `WHERE ${asked.sql} AND ${also.sql} AND ${beyond} ORDER BY ${columns} LIMIT ?`)
    .all(...asked.parameters, ...also.parameters, ...(after ?? []).map(cellOf), limit + 1);
  return pageOf(rows, limit, present, (row) => encodeCursor(name, keyOf(row, order)));
}

/** A list in the order of the log: each row is there since an event. */
export interface LogList<Row, Item> extends Omit<List<Row, Item>, 'order'> {
  /** Of its event: the number of its position, and its id. */
  readonly since: (row: Row) => { readonly position: PositionNumber; readonly id: string };
  /** The column of that number. */
  readonly order: keyof Row & string;
}

/** @throws PositionUnknown where the cursor is of another log */
export async function listedByLog<Row, Item>(
  database: ReadDatabase,
  store: Pick<EventStore, 'eventAt'>,
  { name, from, order, since, present }: LogList<Row, Item>,
  where: Where<Row>,
  page: PageRequest,
  also: Also = { sql: 'TRUE', parameters: [] },
): Promise<Page<Item>> {
  const limit = pageLimit(page);
  const after = decodePosition(name, page.cursor);
  const asked = conditions(from, where);
  const column = nameInSql(order);
  // Most lists go on behind a row that is still there, and are answered where the log can't be used.
  const last = database.rows(from, `WHERE ${column} = ?`).all(BigInt(after.at));
  const isOfRow = last.some((row) => Position.of(since(row)).is(after));
  if (!after.is(START) && !isOfRow) await store.eventAt(after);
  const rows = database
    .rows(from, `WHERE ${asked.sql} AND ${also.sql} AND ${column} > ? ORDER BY ${column} LIMIT ?`)
    .all(...asked.parameters, ...also.parameters, BigInt(after.at), limit + 1);
  return pageOf(rows, limit, present, (row) => encodePosition(name, Position.of(since(row))));
}

/** All rows, where there are only so many as one client-period or one ticket has. */
export function allOf<Row>(
  database: ReadDatabase,
  from: Table<Row>,
  where: Where<Row>,
  order: readonly (keyof Row & string)[],
): readonly Row[] {
  const { sql, parameters } = conditions(from, where);
  return database.rows(from, `WHERE ${sql} ORDER BY ${order.map(nameInSql).join(', ')}`).all(...parameters);
}

/** The first row in an order; undefined where there is none. */
export function firstOf<Row>(
  database: ReadDatabase,
  from: Table<Row>,
  where: Where<Row>,
  order = 'TRUE',
): Row | undefined {
  const { sql, parameters } = conditions(from, where);
  return database.rows(from, `WHERE ${sql} ORDER BY ${order} LIMIT 1`).get(...parameters);
}

/** The columns that are asked for, as a condition. */
export function conditions<Row>(from: Table<Row>, where: Where<Row>): Also {
  const asked = Object.entries(where).filter(([, value]) => value !== undefined);
  const each = asked.map(([name, value]) => (value === null ? `${nameInSql(name)} IS NULL` : `${nameInSql(name)} = ?`));
  return {
    sql: each.length === 0 ? 'TRUE' : each.join(' AND '),
    parameters: asked
      .filter(([, value]) => value !== null)
      .map(([name, value]) => from.cell(name as keyof Row & string, value as Row[keyof Row & string])),
  };
}

function keyOf<Row>(row: Row, order: readonly (keyof Row & string)[]): readonly (string | number)[] {
  return order.map((name) => {
    const value = row[name];
    return typeof value === 'number' ? value : String(value);
  });
}

function cellOf(part: string | number): Cell {
  return typeof part === 'number' ? BigInt(part) : part;
}
