import type { RecordedEvent } from '@billtrail/event-store';
import type { ReadDatabase } from '../database/read-database.js';
import type { Projection, Projector } from '../runner/projection.js';
import { ACCOUNT_TYPES, AccountFactsFold } from './account-facts.js';
import { FactsReader } from './facts-reader.js';
import { ITEM_TABLES, itemDefinitions } from './tables.js';
import { Settlement } from './settlement.js';
import { Staleness } from './staleness.js';
import { TICKET_TYPES, TicketFactsFold } from './ticket-facts.js';

/** What becomes of every piece of work: the facts that rating needs, and the billable items and gaps that it derives from them. */
export const billableItemsProjection: Projection = {
  name: 'billable-items',
  schemaVersion: 2,
  types: [...TICKET_TYPES, ...ACCOUNT_TYPES],
  tables: ITEM_TABLES,
  definitions: itemDefinitions,
  // A gap that the new rows lack must be looked at too.
  beforeRebuild: (database) =>
    database.exec('INSERT OR REPLACE INTO gap_changes (gap_key) SELECT DISTINCT gap_key FROM derived_gaps'),
  start: (database) => new BillableItemsProjector(database),
};

const OF_TICKETS: ReadonlySet<string> = new Set(TICKET_TYPES);

/** What the facts reader keeps parsed. */
const REMEMBERED: ReadonlySet<string> = new Set([
  'ContractActivated',
  'ContractVersionPublished',
  'ContractTerminated',
  'ConfigurationPublished',
]);

class BillableItemsProjector implements Projector {
  private readonly stale: Staleness;
  private readonly facts: FactsReader;
  private readonly tickets: TicketFactsFold;
  private readonly accounts: AccountFactsFold;
  private readonly settlement: Settlement;

  constructor(database: ReadDatabase) {
    this.stale = new Staleness(database);
    this.facts = new FactsReader(database);
    this.tickets = new TicketFactsFold(database, this.stale);
    this.accounts = new AccountFactsFold(database, this.stale);
    this.settlement = new Settlement(database, this.facts, this.stale);
  }

  apply(event: RecordedEvent): void {
    if (OF_TICKETS.has(event.type)) return this.tickets.apply(event);
    this.accounts.apply(event);
    if (REMEMBERED.has(event.type)) this.facts.forget();
  }

  settle(deadline: number, now: () => number): boolean {
    return this.settlement.run(deadline, now);
  }

  unsettled(): boolean {
    return this.stale.any();
  }
}
