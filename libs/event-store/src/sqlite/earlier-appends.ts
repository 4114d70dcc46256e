import type { Appended } from '../port.js';
import { Position, type PositionNumber } from '../position.js';
import { contentHash } from '../content-hash.js';
import type { EncodedAppend } from '../requests.js';
import type { Connection } from './open-file.js';

/** An append that was carried out. */
export interface EarlierAppend {
  /** As given on a repeat. */
  readonly answer: Appended;
  /** As it is stored; null: its caller gave none. */
  readonly fingerprint: string | null;
  /** Whether this is the same again. */
  readonly isSame: (again: Pick<EncodedAppend, 'fingerprint' | 'plainFingerprint' | 'events'>) => boolean;
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

  private describe([position, id, version, count, fingerprint]: AppendRow): EarlierAppend {
    return {
      answer: { version, position: Position.of({ position, id }), repeated: true },
      fingerprint,
      isSame: (again) =>
        fingerprint === null
          ? contentHash(asAskedFor(again.events)) === this.contentBetween(position - count + 1, position)
          : fingerprint === again.fingerprint || fingerprint === again.plainFingerprint,
    };
  }

  private contentBetween(first: number, last: number): string {
    const rows = this.statements.content.all(first, last) as ContentRow[];
    return contentHash(rows.map(([storedName, occurredAt, json]) => ({ storedName, occurredAt, json })));
  }
}

/** What has no fingerprint was stored in plain text. */
function asAskedFor(events: EncodedAppend['events']) {
  return events.map(({ plain, ...event }) => (plain === undefined ? event : { ...event, json: plain }));
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
