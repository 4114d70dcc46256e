import { rmSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { ReadModels } from '@billtrail/read-models';
import type { EventStore, Position, RecordedEvent } from '@billtrail/event-store';

/** Rows of read models as text, sorted. */
export type Rows = readonly string[];

/** Counts rebuilds: two files that were filled in different ways differ in it, and in nothing else. */
const COUNTERS: ReadonlySet<string> = new Set(['epoch']);

/** Hashes under the key of a vault, which what is folded anew beside it has none of. What they are of is compared row for row. */
const HASHES = /^compared_/;

/** All rows of all tables there are, by table: a table that is added later is compared too. */
export function rowsIn(file: string): Rows {
  const database = new BetterSqlite(file, { readonly: true });
  try {
    database.defaultSafeIntegers(true);
    const tables = database
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
      .pluck()
      .all() as string[];
    const told = tables.filter((table) => !HASHES.test(table));
    return told.flatMap((table) => {
      const statement = database.prepare(`SELECT * FROM ${table}`);
      const compared = statement.columns().map(({ name }) => !COUNTERS.has(name));
      const rows = statement.raw().all() as unknown[][];
      return rows.map((row) => `${table} ${textOf(row.filter((_, column) => compared[column]))}`).sort();
    });
  } finally {
    database.close();
  }
}

function textOf(cells: readonly unknown[]): string {
  return cells.map((cell) => (typeof cell === 'bigint' ? `${cell}n` : JSON.stringify(cell))).join(' | ');
}

/** Rows that one dump has and the other lacks. */
export function rowsThatDiffer(one: Rows, other: Rows): readonly string[] {
  const [left, right] = [new Set(one), new Set(other)];
  return [
    ...one.filter((row) => !right.has(row)).map((row) => `only the first has ${row}`),
    ...other.filter((row) => !left.has(row)).map((row) => `only the second has ${row}`),
    ...(one.length === other.length ? [] : [`${one.length} rows against ${other.length}`]),
  ];
}

/** Read models that fold a log anew, up to one position after the other, in a file of their own. */
export class Refolded {
  private constructor(
    readonly models: ReadModels,
    private readonly file: string,
  ) {}

  static async over(store: EventStore, folder: string, name = 'refolded.db'): Promise<Refolded> {
    const file = join(folder, name);
    return new Refolded(await ReadModels.open({ file, store }), file);
  }

  /** The rows as the first events leave them. Positions are asked in rising order. */
  async rowsAt(position: Position): Promise<Rows> {
    await this.models.catchUp({ upTo: position });
    return rowsIn(this.file);
  }

  close(): Promise<void> {
    return this.models.close();
  }

  /** With its file. */
  async remove(): Promise<void> {
    await this.close();
    for (const beside of ['', '-wal', '-shm']) rmSync(`${this.file}${beside}`, { force: true });
  }
}

/** A store that reads out a log in which some events are other than they are: what a projection with a bug makes of it. */
export function misread(store: EventStore, change: (event: RecordedEvent) => RecordedEvent | null): EventStore {
  return new Proxy(store, {
    get(target, name) {
      if (name !== 'readAll') {
        const member: unknown = Reflect.get(target, name);
        return typeof member === 'function' ? (member.bind(target) as unknown) : member;
      }
      return async (options: Parameters<EventStore['readAll']>[0]) => {
        const slice = await target.readAll(options);
        return { ...slice, events: slice.events.map(change).filter((event) => event !== null) };
      };
    },
  });
}
