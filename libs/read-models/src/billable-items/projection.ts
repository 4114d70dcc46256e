import type { ContractEvent } from '@billtrail/contracts';
import { rate } from '@billtrail/billing';
import type { RecordedEvent } from '@billtrail/event-store';
import type { ReadDatabase } from '../database/read-database.js';
import { eventOf, type Projection, type Projector } from '../runner/projection.js';
import { ACCOUNT_TYPES, AccountFactsFold } from './account-facts.js';
import { CONTRACT_TYPES, ContractFactsFold } from './contract-facts.js';
import { ContractMonths } from './contract-months.js';
import { FactsReader } from './facts-reader.js';
import { ITEM_TABLES, itemDefinitions } from './tables.js';
import { Settlement, type Rate } from './settlement.js';
import { Staleness } from './staleness.js';
import { TICKET_TYPES, TicketFactsFold } from './ticket-facts.js';
import { TicketRows } from './ticket-rows.js';
import { WorkOfPeriods } from './work-of-periods.js';

const OF_TICKETS: ReadonlySet<string> = new Set(TICKET_TYPES);
const RESET_FACTS: ReadonlySet<string> = new Set([
  'ClientRegistered',
  'ClientDetailsChanged',
  'ConfigurationPublished',
]);
const OF_CONTRACTS: ReadonlySet<string> = new Set(CONTRACT_TYPES);

/** As {@link billableItemsProjection}, rated by the function that is given. */
export function billableItemsRatedBy(rateWith: Rate): Projection {
  return {
    name: 'billable-items',
    schemaVersion: 5,
    types: [...TICKET_TYPES, ...CONTRACT_TYPES, ...ACCOUNT_TYPES],
    tables: ITEM_TABLES,
    definitions: itemDefinitions,
    // A gap that the new rows lack must be looked at too.
    beforeRebuild: (database) =>
      database.exec('INSERT OR REPLACE INTO gap_changes (gap_key) SELECT DISTINCT gap_key FROM derived_gaps'),
    start: (database) => new BillableItemsProjector(database, rateWith),
  };
}

/**
 * What becomes of every piece of work, and what is charged beside it: the facts that rating needs, and the billable items, charges, draws and
 * gaps that it derives from them.
 */
export const billableItemsProjection: Projection = billableItemsRatedBy(rate);

class BillableItemsProjector implements Projector {
  private readonly stale: Staleness;
  private readonly facts: FactsReader;
  private readonly months: ContractMonths;
  private readonly tickets: TicketFactsFold;
  private readonly contracts: ContractFactsFold;
  private readonly accounts: AccountFactsFold;
  private readonly settlement: Settlement;

  constructor(database: ReadDatabase, rateWith: Rate) {
    this.stale = new Staleness(database);
    const work = new WorkOfPeriods(database);
    const ticketRows = new TicketRows(database);
    this.facts = new FactsReader(database, work, ticketRows);
    this.months = new ContractMonths(database, this.stale);
    this.tickets = new TicketFactsFold(database, this.stale, work, ticketRows);
    this.contracts = new ContractFactsFold(database, this.stale, this.months);
    this.accounts = new AccountFactsFold(database, this.stale);
    this.settlement = new Settlement(database, this.facts, this.stale, rateWith);
  }

  apply(event: RecordedEvent): void {
    this.months.sawEvent(event.occurredAt, event.recordedAt);
    if (OF_TICKETS.has(event.type)) return this.tickets.apply(event);
    if (OF_CONTRACTS.has(event.type)) {
      this.contracts.apply(eventOf<ContractEvent>(event));
      return this.facts.forget();
    }
    this.accounts.apply(event);
    if (RESET_FACTS.has(event.type)) this.facts.forget();
  }

  settle(deadline: number, now: () => number): boolean {
    return this.settlement.run(deadline, now);
  }

  unsettled(): boolean {
    return this.stale.any();
  }
}
