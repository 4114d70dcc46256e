import { monthOf, type Month } from '@billtrail/kernel';
import type { SlaBreach } from '@billtrail/billing';
import type { SlaBreached, SlaEvent } from '@billtrail/ticketing';
import type { ReadDatabase } from '../database/read-database.js';
import type { RecordedOf } from '../runner/projection.js';
import type { StaleMarks } from './stale-marks.js';
import { SLA_RECORDS } from './tables.js';

/** What was recorded of SLA clocks: warnings, and breaches until they are withdrawn. */
export class SlaFactsFold {
  private readonly add;
  private readonly breach;
  private readonly remove;

  constructor(
    database: ReadDatabase,
    private readonly marks: StaleMarks,
  ) {
    this.add = database.insert(SLA_RECORDS);
    this.breach = database.rows(SLA_RECORDS, 'WHERE ticket_id = ? AND event_id = ?');
    this.remove = database.statement('DELETE FROM sla_records WHERE ticket_id = ? AND position = ?');
  }

  apply(ticketId: string, event: RecordedOf<SlaEvent>): void {
    this.marks.clocks(ticketId);
    if (event.type === 'SlaBreachWithdrawn') return this.withdrawn(ticketId, event.data.breachEventId);
    const { type, data: facts, id: eventId, position } = event;
    const { clientId, period } =
      type === 'SlaBreached'
        ? { clientId: facts.clientId, period: monthOf(event.data.breachedOn) }
        : { clientId: null, period: null };
    this.add({ ticketId, position, eventId, type, clientId, period, facts });
    if (period !== null) this.marks.period(facts.clientId, period);
  }

  private withdrawn(ticketId: string, eventId: string): void {
    const breach = this.breach.get(ticketId, eventId);
    if (breach === undefined) return;
    this.remove.run(ticketId, breach.position);
    if (breach.clientId !== null && breach.period !== null) this.marks.period(breach.clientId, breach.period);
  }
}

/** The breaches of client-periods as rating takes them. */
export class BreachesReader {
  private readonly ofPeriod;

  constructor(database: ReadDatabase) {
    this.ofPeriod = database.rows(SLA_RECORDS, 'WHERE client_id = ? AND period = ? ORDER BY event_id');
  }

  of(client: string, period: Month): readonly SlaBreach[] {
    return this.ofPeriod
      .all(client, period)
      .map(({ facts, eventId }) => breachFactsOf(facts as SlaBreached['data'], eventId));
  }
}

/** A breach as rating takes it. */
export function breachFactsOf(
  { ticketId, target, run, priority, breachedOn, contractId }: SlaBreached['data'],
  eventId: string,
): SlaBreach {
  return { ticketId, target, run, priority, breachedOn, contractId, eventId };
}
