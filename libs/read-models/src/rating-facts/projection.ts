import type { BillingGapOpened, BillingMonthOpened, ConfigurationPublished } from '@billtrail/billing';
import type { ClientEvent, ContractEvent } from '@billtrail/contracts';
import type { RecordedEvent } from '@billtrail/event-store';
import type { ReadDatabase } from '../database/read-database.js';
import { eventOf, type Folding, type LogProjection } from '../runner/projection.js';
import { ACCOUNT_TYPES, AccountFactsFold } from './account-facts.js';
import { CLIENT_TYPES, ClientFactsFold } from './client-facts.js';
import { ConfigurationFactsFold } from './configuration-facts.js';
import { CONTRACT_TYPES, ContractFactsFold } from './contract-facts.js';
import { ContractMonths } from './contract-months.js';
import { FactsMemory } from './memory.js';
import { StaleMarks } from './stale-marks.js';
import { FACT_TABLES, TOLD } from './tables.js';
import { TICKET_TYPES, TicketFactsFold } from './ticket-facts.js';
import { WorkFactsFold } from './work-facts.js';

const OF_TICKETS: ReadonlySet<string> = new Set(TICKET_TYPES);
const OF_CLIENTS: ReadonlySet<string> = new Set(CLIENT_TYPES);
const OF_CONTRACTS: ReadonlySet<string> = new Set(CONTRACT_TYPES);
/** Names work as documents do. */
const GAP_OPENED: BillingGapOpened['type'] = 'BillingGapOpened';
const MONTH_OPENED: BillingMonthOpened['type'] = 'BillingMonthOpened';
const CONFIGURED: ConfigurationPublished['type'] = 'ConfigurationPublished';

/**
 * The facts that rating and the clocks of service levels need, folded from the log; and which client-periods, tickets and clocks they make
 * stale. What is made of them is made in `billable-items/` and `sla/`, from here alone.
 */
export const ratingFactsProjection: LogProjection = {
  name: 'rating-facts',
  schemaVersion: 28,
  types: [...TICKET_TYPES, ...CLIENT_TYPES, ...CONTRACT_TYPES, ...ACCOUNT_TYPES, CONFIGURED, GAP_OPENED, MONTH_OPENED],
  categories: ['ticket', 'client', 'contract', 'contracts', 'account', 'gap', 'configuration', 'calendar'],
  tables: FACT_TABLES,
  start: (database) => new RatingFactsFold(database),
};

class RatingFactsFold implements Folding {
  private readonly months: ContractMonths;
  private readonly tickets: TicketFactsFold;
  private readonly clients: ClientFactsFold;
  private readonly contracts: ContractFactsFold;
  private readonly accounts: AccountFactsFold;
  private readonly configuration: ConfigurationFactsFold;
  private readonly work: WorkFactsFold;
  private readonly told;

  constructor(database: ReadDatabase) {
    this.told = database.insert(TOLD, 'OR REPLACE');
    const memory = FactsMemory.begun(database);
    const marks = new StaleMarks(database, memory);
    this.months = new ContractMonths(database, marks);
    this.work = new WorkFactsFold(database, marks, memory);
    this.tickets = new TicketFactsFold(database, this.work, marks, memory);
    this.clients = new ClientFactsFold(database, marks, memory);
    this.contracts = new ContractFactsFold(database, marks, this.months, memory);
    this.accounts = new AccountFactsFold(database, this.work, marks, memory);
    this.configuration = new ConfigurationFactsFold(database, marks, memory);
  }

  apply(event: RecordedEvent): void {
    if (event.type === GAP_OPENED) return this.gapOpened(eventOf<BillingGapOpened>(event).data);
    if (event.type === MONTH_OPENED) {
      return this.months.opened(eventOf<BillingMonthOpened>(event).data.month, event);
    }
    this.months.sawEvent(event);
    if (OF_TICKETS.has(event.type)) return this.tickets.apply(event);
    const { stream, id: eventId, position } = event;
    this.told({ stream, eventId, position });
    if (OF_CLIENTS.has(event.type)) this.clients.apply(eventOf<ClientEvent>(event));
    else if (OF_CONTRACTS.has(event.type)) this.contracts.apply(eventOf<ContractEvent>(event));
    else if (event.type === CONFIGURED) this.configuration.apply(eventOf<ConfigurationPublished>(event));
    else this.accounts.apply(event);
  }

  private gapOpened({ ticketId, workItemId }: BillingGapOpened['data']): void {
    if (ticketId !== null && workItemId !== null) this.work.named(ticketId, workItemId);
  }
}
