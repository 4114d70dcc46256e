import type { ReadDatabase } from '../database/read-database.js';
import type { TableOf } from '../runner/projection.js';

/** A table, an index, a view or a trigger in the file that is not as this program makes it. */
export interface SchemaDifference {
  readonly object: string;
  readonly name: string;
  readonly is: 'added' | 'changed' | 'missing';
}

interface Made {
  readonly type: string;
  readonly name: string;
  readonly sql: string;
}

/** Begins each statement that makes something here. */
const MAKES = /^CREATE (TABLE|INDEX) (\w+)/;

/** What SQLite keeps for itself beside the tables. It changes no row and no answer. */
const OF_SQLITE = `sql IS NULL OR (type = 'table' AND name IN ('sqlite_stat1', 'sqlite_stat4', 'sqlite_sequence'))`;

/**
 * What the file is made of. A trigger that another program puts there changes rows within Billtrail's own transactions, so that they look like its own: the file holds
 * what this program makes, and nothing else. Looked at whenever the schema was changed.
 */
export class FileSchema {
  private readonly made: ReadonlyMap<string, Made>;
  private readonly version;
  private known: { readonly version: number; readonly differing: readonly SchemaDifference[] } | null = null;

  /** `shared`: tables that are of no read model alone. */
  constructor(
    private readonly database: ReadDatabase,
    ofModels: readonly TableOf[],
    private readonly shared: readonly TableOf[],
  ) {
    const made = [...ofModels, ...shared].flatMap(({ created }) => created).map(madeBy);
    this.made = new Map(made.map((one) => [keyOf(one), one]));
    this.version = database.statement<[], number>('SELECT schema_version FROM pragma_schema_version').pluck();
  }

  /** All that differs, in the order of names. */
  differing(): readonly SchemaDifference[] {
    const version = this.version.get() ?? 0;
    if (this.known?.version !== version) this.known = { version, differing: this.compared() };
    return this.known.differing;
  }

  /** Takes away what this program does not make so, in the transaction that empties all read models: their own tables are made with them, those that they share are made here. */
  clear(): void {
    for (const { object, name, is } of this.differing())
      // What goes with a table may be gone already.
      if (is !== 'missing')
        this.database.exec(`DROP ${object.toUpperCase()} IF EXISTS "${name.replaceAll('"', '""')}"`);
    const there = new Set(this.inFile().map(keyOf));
    for (const sql of this.shared.flatMap(({ created }) => created))
      if (!there.has(keyOf(madeBy(sql)))) this.database.exec(sql);
    this.known = null;
  }

  private compared(): readonly SchemaDifference[] {
    const there = this.inFile();
    const keys = new Set(there.map(keyOf));
    const found = there.flatMap((one): readonly SchemaDifference[] => {
      const made = this.made.get(keyOf(one));
      if (made?.sql === one.sql) return [];
      return [{ object: one.type, name: one.name, is: made === undefined ? 'added' : 'changed' }];
    });
    const missing = [...this.made].filter(([key]) => !keys.has(key));
    return [
      ...found,
      ...missing.map(([, { type, name }]): SchemaDifference => ({ object: type, name, is: 'missing' })),
    ];
  }

  private inFile(): readonly Made[] {
    return this.database
      .statement<[], Made>(
        `SELECT type, name, sql FROM main.sqlite_master WHERE NOT (${OF_SQLITE}) ORDER BY name, type`,
      )
      .all();
  }
}

function madeBy(sql: string): Made {
  const [, type = '', name = ''] = MAKES.exec(sql) ?? [];
  return { type: type.toLowerCase(), name, sql };
}

function keyOf({ type, name }: Made): string {
  return `${type} ${name}`;
}

/** As a sentence goes on after "the file of the read models ...". */
export function toldOfSchema({ object, name, is }: SchemaDifference): string {
  const named = `${object} ${JSON.stringify(name)}`;
  if (is === 'missing') return `lacks the ${named}`;
  return is === 'added'
    ? `holds the ${named}, which Billtrail did not make`
    : `holds another ${named} than Billtrail made`;
}
