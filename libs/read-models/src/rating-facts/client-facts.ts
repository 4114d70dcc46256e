import { isTimeZone } from '@billtrail/kernel';
import { client as clientDecider, type ClientEvent, type ClientState } from '@billtrail/contracts';
import type { ReadDatabase } from '../database/read-database.js';
import { ParkedPeriods } from '../parking/parked-periods.js';
import { ANY } from '../parking/parked-streams.js';
import type { RecordedOf } from '../runner/projection.js';
import type { FactsMemory } from './memory.js';
import type { StaleMarks } from './stale-marks.js';
import { CLIENTS } from './tables.js';

/** The events of clients: rating needs all of them. */
export const CLIENT_TYPES = [
  'ClientRegistered',
  'ClientDetailsChanged',
  'SiteRegistered',
  'SiteDetailsChanged',
] as const satisfies readonly ClientEvent['type'][];

/** Folds the events of clients as clients themselves do. Zone, class hours, holidays and sites may change what any work of the client is worth. */
export class ClientFactsFold {
  private readonly stored;
  private readonly put;
  private readonly notTaken: ParkedPeriods;

  constructor(
    database: ReadDatabase,
    private readonly marks: StaleMarks,
    private readonly memory: FactsMemory,
  ) {
    this.stored = database.rows(CLIENTS, 'WHERE client_id = ?');
    this.put = database.insert(CLIENTS, 'OR REPLACE');
    this.notTaken = new ParkedPeriods(database, 'rating-facts');
  }

  apply(event: RecordedOf<ClientEvent>): void {
    const { clientId } = event.data;
    const before: ClientState = this.stored.get(clientId)?.state ?? { status: 'unknown' };
    const state = clientDecider.evolve(before, event);
    if (state.status === 'unknown') return;
    const { name, currency, timeZone } = state.facts;
    this.put({ clientId, name, currency, timeZone, state });
    this.memory.clients.delete(clientId);
    if (this.marks.hasClocks(clientId)) this.marks.clocksOf([clientId]);
    this.marks.client(clientId);
    this.parkWithoutZone(event, timeZone);
  }

  /** Not every figure asks for the zone, and every document does: in a zone that there is not, none of the client is told. */
  private parkWithoutZone(
    { data: { clientId }, stream, id: eventId, position }: RecordedOf<ClientEvent>,
    zone: string,
  ) {
    const subject = JSON.stringify(['client', clientId]);
    const told = { stream, eventId, position };
    if (!isTimeZone(zone))
      this.notTaken.park(subject, {
        clientId,
        period: ANY,
        why: 'not-taken',
        cause: 'there is no such time zone',
        told,
      });
    else if (this.notTaken.isAny()) this.notTaken.taken(subject);
  }
}
