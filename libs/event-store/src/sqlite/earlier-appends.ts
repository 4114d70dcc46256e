import type { Appended } from '../port.js';
import { Position, type PositionNumber } from '../position.js';
import { fingerprintOf } from './chain.js';
import type { Connection } from './schema.js';

/** An append that was carried out: its answer, as given on a repeat, and its fingerprint. */
export interface EarlierAppend {
  readonly answer: Appended;
  readonly fingerprint: () => string;
}

type AppendRow = [position: PositionNumber, id: string, version: number, count: number, fingerprint: string | null];
type ContentRow = [storedName: string, occurredAt: string, json: string];

/** What a command id did on a stream before. */
export class EarlierAppends {
  private readonly statements: ReturnType<typeof prepare>;

  constructor(db: Connection) {
    this.statements = prepare(db);
  }

  find(stream: number, commandId: string): EarlierAppend | undefined {
    const row = this.statements.append.get(stream, commandId) as AppendRow | undefined;
    return row && this.describe(row);
  }

  findByName(stream: string, commandId: string): EarlierAppend | undefined {
    const key = this.statements.stream.get(stream) as number | undefined;
    return key === undefined ? undefined : this.find(key, commandId);
  }

  private describe([position, id, version, count, given]: AppendRow): EarlierAppend {
    return {
      answer: { version, position: Position.of({ position, id }), repeated: true },
      // Worked out only when a command comes again: an append without a fingerprint need not pay for one.
      fingerprint: () => given ?? this.contentFingerprint(position - count + 1, position),
    };
  }

  private contentFingerprint(first: number, last: number): string {
    const rows = this.statements.content.all(first, last) as ContentRow[];
    return fingerprintOf(rows.map(([storedName, occurredAt, json]) => ({ storedName, occurredAt, json })));
  }
}

function prepare(db: Connection) {
  return {
    stream: db.prepare('SELECT stream FROM streams WHERE name = ?').pluck(),
    append: db
      .prepare(
        `SELECT a.append, e.id, a.version, a.event_count, a.fingerprint FROM appends a JOIN events e ON e.position = a.append
         WHERE a.stream = ? AND a.command_id = ?`,
      )
      .raw(),
    content: db
      .prepare(
        `SELECT k.stored_name, e.occurred_at, e.data FROM events e JOIN kinds k USING (kind)
         WHERE e.position BETWEEN ? AND ? ORDER BY e.position`,
      )
      .raw(),
  };
}
