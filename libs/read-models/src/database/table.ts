import { invariant } from '@billtrail/kernel';
import { fromJson } from './row-unreadable.js';

/** What SQLite stores. Integers are BigInt where they are compared or are money. */
export type Cell = string | bigint | number | null;
/** A row, in the order of the table's columns. */
export type Cells = readonly Cell[];

/** How a column is declared, and how its values are written and read. */
export interface Column<Value> {
  readonly declared: string;
  /** In a cursor of a list that is sorted by it. */
  readonly sorts: 'string' | 'number';
  write(value: Value): Cell;
  read(cell: Cell): Value;
}

export function text<Value extends string = string>(): Column<Value> {
  return {
    declared: 'TEXT NOT NULL',
    sorts: 'string',
    write: (value) => value,
    read: (cell) => cell as Value,
  };
}

/** A count, a position, a moment: never money. */
export function integer<Value extends number = number>(): Column<Value> {
  return { declared: 'INTEGER NOT NULL', sorts: 'number', write: BigInt, read: (cell) => Number(cell) as Value };
}

/** Money in the minor unit of the row's currency. It never passes through a float. */
export function minor(): Column<bigint> {
  return {
    declared: 'INTEGER NOT NULL',
    sorts: 'number',
    write: (value) => value,
    read: (cell) => {
      invariant(typeof cell === 'bigint', 'a money column was read as a JavaScript number');
      return cell;
    },
  };
}

export function flag(): Column<boolean> {
  return {
    declared: 'INTEGER NOT NULL',
    sorts: 'number',
    write: (value) => (value ? 1n : 0n),
    read: (cell) => Number(cell) === 1,
  };
}

export function json<Value extends object>(): Column<Value> {
  return {
    declared: 'TEXT NOT NULL',
    sorts: 'string',
    write: (value) => JSON.stringify(value),
    read: (cell) => fromJson(String(cell)) as Value,
  };
}

/** What is absent is written as null too. */
export function orNull<Value>({ declared, sorts, write, read }: Column<Value>): Column<Value | null> {
  return {
    declared: declared.replace(' NOT NULL', ''),
    sorts,
    write: (value) => (value === null || value === undefined ? null : write(value)),
    read: (cell) => (cell === null ? null : read(cell)),
  };
}

interface AnyColumn {
  readonly declared: string;
  readonly sorts: 'string' | 'number';
  write(value: never): Cell;
  read(cell: Cell): unknown;
}
type ColumnsOf = Readonly<Record<string, AnyColumn>>;
type RowIn<Columns extends ColumnsOf> = {
  readonly [Name in keyof Columns]: Columns[Name] extends Column<infer Value> ? Value : never;
};
/**
 * Whose rows they are when money rests on them, so that they are compared before a document is made (`compared/`): those of a client, or of a client and
 * month, by columns; those of the row of another table that has the same id; `with-all`: whoever it is made for. `never`: no document rests on them, and
 * only `verify --read-models` looks at them.
 */
export type Compared<Name extends string = string> =
  | { readonly client: Name; readonly period?: Name }
  | { readonly as: Pick<Table<never>, 'name' | 'compared'>; readonly by: Name }
  | 'with-all'
  | 'never';
type Index<Name> = readonly Name[] | { readonly on: readonly Name[]; readonly where: string };

/** The row of a table: its columns by name, as they were written. */
export type RowOf<Described> = Described extends Table<infer Row> ? Row : never;
/**
 * How each column is found in what is given: required where it has no property of that name and can't be null. A column that is not found is null.
 */
export type Found<Row, Given> = {
  readonly [Name in keyof Row as Name extends keyof Given ? never : null extends Row[Name] ? never : Name]: (
    given: Given,
  ) => Row[Name];
} & { readonly [Name in keyof Row]?: (given: Given) => Row[Name] };

/**
 * A table, each column named once: from it come the statements that create it, the cells of a row and the row of cells. `workItemId` is
 * `work_item_id` in SQL.
 */
export class Table<Row> {
  private readonly names: readonly (keyof Row & string)[];
  private readonly kinds: readonly Column<unknown>[];
  /** The columns in their order, as a SELECT names them. */
  readonly columns: string;
  /** The columns of the key, as a SELECT names them. */
  readonly keyColumns: string;

  constructor(
    readonly name: string,
    private readonly described: Readonly<Record<string, AnyColumn>>,
    private readonly options: {
      readonly compared: Compared<keyof Row & string>;
      readonly key: readonly (keyof Row & string)[];
      readonly indexes: Readonly<Record<string, Index<string>>>;
      readonly generated: Readonly<Record<string, string>>;
      readonly hasRowId: boolean;
    },
  ) {
    this.names = Object.keys(described) as (keyof Row & string)[];
    this.kinds = Object.values(described) as Column<unknown>[];
    this.columns = namesInSql(this.names);
    this.keyColumns = namesInSql(options.key);
  }

  get compared(): Compared {
    return this.options.compared;
  }

  get created(): readonly string[] {
    const { key, indexes, generated, hasRowId } = this.options;
    const columns = [
      ...this.names.map((name, index) => `${nameInSql(name)} ${this.kinds[index]?.declared ?? ''}`),
      ...Object.entries(generated).map(([name, sql]) => `${nameInSql(name)} TEXT GENERATED ALWAYS AS (${sql}) STORED`),
    ];
    const end = hasRowId ? 'STRICT' : 'STRICT, WITHOUT ROWID';
    return [
      `CREATE TABLE ${this.name} (${columns.join(', ')}, PRIMARY KEY (${namesInSql(key)})) ${end}`,
      ...Object.entries(indexes).map(([name, index]) => {
        const [on, where] = 'on' in index ? [index.on, ` WHERE ${index.where}`] : [index, ''];
        return `CREATE INDEX ${name} ON ${this.name} (${namesInSql(on)})${where}`;
      }),
    ];
  }

  inserted(or: '' | 'OR REPLACE' | 'OR IGNORE' = ''): string {
    return `INSERT ${or} INTO ${this.name} (${this.columns}) VALUES (${this.names.map(() => '?').join(', ')})`;
  }

  /** The condition that finds a row by its key. */
  get byKey(): string {
    return this.options.key.map((name) => `${nameInSql(name)} = ?`).join(' AND ');
  }

  /** Where the columns of the key stand among the cells. */
  get keyPlaces(): readonly number[] {
    return this.options.key.map((name) => this.place(name));
  }

  place(name: keyof Row & string): number {
    return this.names.indexOf(name);
  }

  sorts(name: keyof Row & string): 'string' | 'number' {
    return this.described[name]?.sorts ?? 'string';
  }

  cell<Name extends keyof Row & string>(name: Name, value: Row[Name]): Cell {
    const kind = this.described[name] as Column<Row[Name]> | undefined;
    invariant(kind !== undefined, `table ${this.name} has no column ${name}`);
    return kind.write(value);
  }

  cells(row: Row): Cell[] {
    const cells: Cell[] = [];
    for (let index = 0; index < this.kinds.length; index++)
      cells.push(this.kinds[index]!.write(row[this.names[index]!]));
    return cells;
  }

  /** Makes cells of something that has most columns as properties of the same name. Compiled once: rows are written by the thousand. */
  encoder<Given extends object>(found: Found<Row, Given>): (given: Given) => Cell[] {
    const told = found as Readonly<Record<string, ((given: Given) => unknown) | undefined>>;
    const finds = this.names.map((name) => told[name] ?? ((given: Given) => (given as Record<string, unknown>)[name]));
    const { kinds } = this;
    const { length } = kinds;
    return (given) => {
      const cells: Cell[] = [];
      for (let index = 0; index < length; index++) cells.push(kinds[index]!.write(finds[index]!(given)));
      return cells;
    };
  }

  read(cells: Cells): Row {
    const row: Record<string, unknown> = {};
    for (let index = 0; index < this.names.length; index++)
      row[this.names[index]!] = this.kinds[index]!.read(cells[index] ?? null);
    return row as Row;
  }
}

/**
 * Without a row id, but where `hasRowId`: a wide row that is found by several indexes. `generated`: texts that SQLite works out from the other columns, by SQL; they are in no
 * row that is written or read, and may be in an index.
 */
export function table<const Columns extends ColumnsOf, const Generated extends string = never>(
  name: string,
  columns: Columns,
  options: {
    readonly compared: Compared<keyof Columns & string>;
    readonly key: readonly (keyof Columns & string)[];
    readonly indexes?: Readonly<Record<string, Index<(keyof Columns & string) | NoInfer<Generated>>>>;
    readonly generated?: Readonly<Record<Generated, string>>;
    readonly hasRowId?: boolean;
  },
): Table<RowIn<Columns>> {
  const { compared, key, indexes = {}, generated = {}, hasRowId = false } = options;
  return new Table<RowIn<Columns>>(name, columns, { compared, key, indexes, generated, hasRowId });
}

export function nameInSql(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function namesInSql(names: readonly string[]): string {
  return names.map(nameInSql).join(', ');
}
