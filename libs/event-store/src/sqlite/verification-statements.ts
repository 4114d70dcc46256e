import type { Connection } from './open-file.js';

/** An event with all that its chain value is made of, and what is kept beside it. Null if another table lacks its row. */
export interface StoredRow {
  readonly position: number;
  readonly streamKey: number;
  readonly version: number;
  readonly appendKey: number;
  readonly id: string;
  readonly occurredAt: string;
  readonly json: string;
  readonly hash: string;
  readonly stream: string | null;
  readonly category: string | null;
  readonly storedName: string | null;
  readonly schemaVersion: number | null;
  /** Null if the append of the event is gone. */
  readonly lastVersion: number | null;
  readonly appendStreamKey: number | null;
  readonly eventCount: number | null;
  readonly recordedAt: string | null;
  readonly actorId: string;
  readonly actorRole: string;
  readonly commandId: string;
  readonly fingerprint: string | null;
  readonly correlationId: string;
  readonly causationId: string | null;
}

export interface AppendRange {
  readonly last: number;
  readonly first: number;
  readonly streamKey: number;
  readonly stream: string | null;
  readonly lastVersion: number;
}

export interface CrookedStream {
  readonly streamKey: number;
  readonly stream: string;
  readonly count: number;
  readonly highest: number;
}

const ROW = `
  SELECT e.position, e.stream AS streamKey, e.version, e.append AS appendKey, e.id, e.occurred_at AS occurredAt, e.data AS json,
    e.hash, s.name AS stream, k.category, k.stored_name AS storedName, k.schema_version AS schemaVersion,
    a.version AS lastVersion, a.stream AS appendStreamKey, a.event_count AS eventCount, a.recorded_at AS recordedAt, a.actor_id AS actorId, a.actor_role AS actorRole,
    a.command_id AS commandId, a.fingerprint, a.correlation_id AS correlationId, a.causation_id AS causationId
  FROM events e
  LEFT JOIN streams s ON s.stream = e.stream
  LEFT JOIN kinds k ON k.kind = e.kind
  LEFT JOIN appends a ON a.append = e.append`;

export function prepareVerification(db: Connection) {
  return {
    head: db.prepare('SELECT max(position) FROM events').pluck(),
    rows: db.prepare(`${ROW} WHERE e.position > ? AND e.position <= ? ORDER BY e.position`),
    row: db.prepare(`${ROW} WHERE e.position = ?`),
    appendAt: db.prepare(
      `SELECT a.append AS last, a.append - a.event_count + 1 AS first, a.stream AS streamKey, s.name AS stream, a.version AS lastVersion
       FROM appends a LEFT JOIN streams s ON s.stream = a.stream WHERE a.append >= ? ORDER BY a.append LIMIT 1`,
    ),
    streamsBetween: db
      .prepare('SELECT DISTINCT stream FROM appends WHERE append >= ? AND append - event_count < ? LIMIT 100000')
      .pluck(),
    positionOf: db.prepare('SELECT position FROM events WHERE stream = ? AND version = ?').pluck(),
    strayAppends: db.prepare(
      `SELECT a.append AS last, s.name AS stream, a.version AS lastVersion
       FROM appends a JOIN events e ON e.position = a.append LEFT JOIN streams s ON s.stream = a.stream
       WHERE e.append <> a.append LIMIT ?`,
    ),
    // Walks the index on (stream, version) in its order: no sorting, no memory that grows with the log.
    crookedStreams: db.prepare(
      `SELECT c.stream AS streamKey, s.name AS stream, count, highest
       FROM (SELECT stream, count(*) AS count, min(version) AS lowest, max(version) AS highest FROM events
             GROUP BY stream HAVING count(*) <> max(version) OR min(version) <> 1) c JOIN streams s ON s.stream = c.stream
       UNION ALL
       SELECT s.stream, s.name, 0, 0 FROM streams s WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.stream = s.stream)
       LIMIT ?`,
    ),
  };
}
