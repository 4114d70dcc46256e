import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { ReadModels } from '@billtrail/read-models';
import type { EventStore, RecordedEvent } from '@billtrail/event-store';

/** A queue of what changed, for the policy that records gaps; it says what was looked at, not what is so. */
const QUEUES: ReadonlySet<string> = new Set(['gap_changes', 'sqlite_sequence']);
/** Counts rebuilds: two files that were filled in different ways differ in it, and in nothing else. */
const COUNTERS: ReadonlySet<string> = new Set(['epoch']);

/** Read models in a file of their own, so that every row of every table can be looked at. */
export class DumpableModels {
  private constructor(
    readonly models: ReadModels,
    private readonly folder: string,
  ) {}

  static async over(store: EventStore): Promise<DumpableModels> {
    const folder = mkdtempSync(join(tmpdir(), 'laws-'));
    return new DumpableModels(await ReadModels.open({ file: join(folder, 'read-models.db'), store }), folder);
  }

  /** All rows of all tables there are, by table, as text: a table that is added later is compared too. */
  dump(): readonly string[] {
    const database = new BetterSqlite(join(this.folder, 'read-models.db'), { readonly: true });
    try {
      database.defaultSafeIntegers(true);
      const tables = database
        .prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        .pluck()
        .all() as string[];
      return tables
        .filter((table) => !QUEUES.has(table))
        .flatMap((table) => {
          const rows = database.prepare(`SELECT * FROM ${table}`).all() as Record<string, unknown>[];
          return rows.map((row) => `${table} ${textOf(row)}`).sort();
        });
    } finally {
      database.close();
    }
  }

  async close(): Promise<void> {
    await this.models.close();
    rmSync(this.folder, { recursive: true });
  }
}

function textOf(row: Record<string, unknown>): string {
  const cells = Object.entries(row).filter(([column]) => !COUNTERS.has(column));
  return JSON.stringify(cells, (_, cell: unknown) => (typeof cell === 'bigint' ? `${cell}n` : cell));
}

/** Rows that one dump has and the other lacks. */
export function rowsThatDiffer(one: readonly string[], other: readonly string[]): readonly string[] {
  const [left, right] = [new Set(one), new Set(other)];
  return [
    ...one.filter((row) => !right.has(row)).map((row) => `only the first has ${row}`),
    ...other.filter((row) => !left.has(row)).map((row) => `only the second has ${row}`),
    ...(one.length === other.length ? [] : [`${one.length} rows against ${other.length}`]),
  ];
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
