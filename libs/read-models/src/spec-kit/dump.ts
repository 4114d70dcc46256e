import BetterSqlite from 'better-sqlite3';
import { PROJECTIONS } from '../read-models.js';

/**
 * All rows of all tables of the read models in a file, in the order of their columns, as text: two files that tell the same are equal
 * byte for byte. Without the checkpoints' epochs, which count rebuilds.
 */
export function dump(file: string): string {
  const database = new BetterSqlite(file, { readonly: true });
  database.defaultSafeIntegers(true);
  try {
    const tables = PROJECTIONS.flatMap((projection) => projection.tables.map(({ name }) => name));
    const parts = tables.map((table) => {
      const columns = database.pragma(`table_info(${table})`) as { name: string }[];
      const order = columns.map((_, index) => index + 1).join(', ');
      const rows = database.prepare(`SELECT * FROM ${table} ORDER BY ${order}`).raw().all() as unknown[][];
      return [
        table,
        ...rows.map((row) =>
          row.map((cell) => (typeof cell === 'bigint' ? `${cell}n` : JSON.stringify(cell))).join(' | '),
        ),
      ];
    });
    const checkpoints = database
      .prepare('SELECT name, schema_version, position, rebuild_until, error FROM checkpoints ORDER BY name')
      .raw()
      .all() as unknown[][];
    return [...parts.flat(), 'checkpoints', ...checkpoints.map((row) => row.join(' | '))].join('\n');
  } finally {
    database.close();
  }
}
