import { monthOf, type Month } from '@billtrail/kernel';
import type { SlaBreach } from '@billtrail/billing';
import type { RecordedEvent } from '@billtrail/event-store';
import type { SlaBreached, SlaBreachWithdrawn } from '@billtrail/ticketing';
import type { ReadDatabase } from '../database/read-database.js';
import type { Staleness } from './staleness.js';

/** The breaches that are recorded and stand: each is in the client-period of its day, where its service credit is. */
export class SlaFacts {
  private readonly add;
  private readonly periodOf;
  private readonly remove;
  private readonly ofPeriod;

  constructor(database: ReadDatabase) {
    this.add = database.statement('INSERT INTO sla_breaches VALUES (?, ?, ?, ?)');
    this.periodOf = database.statement<[string], { clientId: string; period: string }>(
      'SELECT client_id AS clientId, period FROM sla_breaches WHERE event_id = ?',
    );
    this.remove = database.statement('DELETE FROM sla_breaches WHERE event_id = ?');
    this.ofPeriod = database
      .statement<[string, string], string>(
        'SELECT facts FROM sla_breaches WHERE client_id = ? AND period = ? ORDER BY event_id',
      )
      .pluck();
  }

  apply(event: RecordedEvent<SlaBreached> | RecordedEvent<SlaBreachWithdrawn>, stale: Staleness): void {
    if (event.type === 'SlaBreachWithdrawn') return this.withdrawn(event.data.breachEventId, stale);
    const { clientId, ticketId, target, run, priority, breachedOn, contractId } = event.data;
    const facts: SlaBreach = { ticketId, target, run, priority, breachedOn, contractId, eventId: event.id };
    this.add.run(event.id, clientId, monthOf(breachedOn), JSON.stringify(facts));
    stale.period(clientId, monthOf(breachedOn));
  }

  of(clientId: string, period: Month): readonly SlaBreach[] {
    return this.ofPeriod.all(clientId, period).map((facts) => JSON.parse(facts) as SlaBreach);
  }

  private withdrawn(eventId: string, stale: Staleness): void {
    const known = this.periodOf.get(eventId);
    if (known === undefined) return;
    this.remove.run(eventId);
    stale.period(known.clientId, known.period);
  }
}
