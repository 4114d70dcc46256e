import type { Month } from '@billtrail/kernel';
import type { ReadDatabase } from '../database/read-database.js';
import type { ToldBy, WhyNotTaken } from './not-taken.js';
import { ANY, createParked, PARKED } from './parked-streams.js';

/** What of a client can't be worked out. */
export interface NotTaken extends WhyNotTaken {
  /** {@link ANY}: whose the stream is says whom it concerns. */
  readonly clientId: string;
  /** {@link ANY}: nothing says which, so all of it. */
  readonly period: Month;
  readonly told: ToldBy;
}

/** What a read model that is worked out from the rows of another could not take: each with its subject, which is worked out anew when it is marked. */
export class ParkedPeriods {
  private readonly found;
  private readonly remove;
  private readonly isOne;
  private readonly isOneOfAll;
  private readonly before;
  private readonly put;

  constructor(
    database: ReadDatabase,
    private readonly model: string,
  ) {
    createParked(database);
    this.found = database.rows(PARKED, 'WHERE model = ? AND subject = ?');
    this.remove = database.statement<[string, string]>('DELETE FROM parked WHERE model = ? AND subject = ?');
    this.isOne = database.statement<[string], number>('SELECT EXISTS (SELECT 1 FROM parked WHERE model = ?)').pluck();
    this.isOneOfAll = database
      .statement<[], number>("SELECT EXISTS (SELECT 1 FROM parked WHERE subject <> '')")
      .pluck();
    this.before = database.rows(
      PARKED,
      `WHERE model = ? AND client_id = ? AND period <> '${ANY}' AND period < ? ORDER BY period LIMIT 1`,
    );
    this.put = database.insert(PARKED, 'OR REPLACE');
  }

  isAny(): boolean {
    return this.isOne.get(this.model) === 1;
  }

  /** Of any read model. */
  isAnyOfAll(): boolean {
    return this.isOneOfAll.get() === 1;
  }

  /** As it stands. */
  of(subject: string): NotTaken | null {
    const row = this.found.get(this.model, subject);
    if (row === undefined) return null;
    const { clientId, period, why, cause, stream, eventId, position } = row;
    return { clientId, period, why: why === 'row' ? why : 'not-taken', cause, told: { stream, eventId, position } };
  }

  /** The first period of the client before this one that can't be rated. */
  firstBefore(clientId: string, period: Month): NotTaken | null {
    const row = this.before.get(this.model, clientId, period);
    return row === undefined ? null : this.of(row.subject);
  }

  park(subject: string, { clientId, period, why, cause, told: { stream, eventId, position } }: NotTaken): void {
    this.remove.run(this.model, subject);
    const event = { stream, eventId, position, version: 0, type: '', schemaVersion: 0 };
    this.put({ model: this.model, subject, clientId, period, ...event, why, cause, events: 1 });
  }

  /** True where it was parked. */
  taken(subject: string): boolean {
    return this.remove.run(this.model, subject).changes > 0;
  }
}
