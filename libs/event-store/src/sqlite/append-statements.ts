import type { Connection } from './open-file.js';
import { STREAM_AND_VERSION } from './schema.js';

export const EVENT_COLUMNS = 9;
/** Bulk appends write this many rows with one statement: a call into SQLite costs as much as a third of a row. */
export const ROWS_PER_STATEMENT = 20;

export function prepareAppending(db: Connection) {
  const row = `(${Array(EVENT_COLUMNS).fill('?').join(', ')})`;
  const insertEvents = (rows: number) => db.prepare(`INSERT INTO events VALUES ${Array(rows).fill(row).join(', ')}`);
  return {
    begin: db.prepare('BEGIN IMMEDIATE'),
    commit: db.prepare('COMMIT'),
    rollback: db.prepare('ROLLBACK'),
    head: db
      .prepare(
        'SELECT position, hash, recorded_at FROM events JOIN appends USING (append) ORDER BY position DESC LIMIT 1',
      )
      .raw(),
    stream: db.prepare(STREAM_AND_VERSION).raw(),
    first: db
      .prepare(
        `SELECT k.stored_name, e.data FROM streams s JOIN events e ON e.stream = s.stream AND e.version = 1 JOIN kinds k USING (kind)
         WHERE s.name = ?`,
      )
      .raw(),
    newStream: db.prepare('INSERT INTO streams (name) VALUES (?)'),
    kind: db.prepare('SELECT kind FROM kinds WHERE category = ? AND stored_name = ? AND schema_version = ?').pluck(),
    newKind: db.prepare('INSERT INTO kinds (category, stored_name, schema_version) VALUES (?, ?, ?)'),
    newAppend: db.prepare('INSERT INTO appends VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
    newEvent: insertEvents(1),
    newEvents: insertEvents(ROWS_PER_STATEMENT),
  };
}
