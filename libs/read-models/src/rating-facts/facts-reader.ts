import { localDateIn, type Currency, type LocalDate, type Month, type TimeZone } from '@billtrail/kernel';
import {
  DEFAULT_CONFIGURATION,
  type BillingConfiguration,
  type CarriedOver,
  type ClientPeriodFacts,
  type TicketFacts,
  type WorkItem,
} from '@billtrail/billing';
import type { ReadDatabase } from '../database/read-database.js';
import { AccountReader } from './account-reader.js';
import { ContractsReader } from './contracts-reader.js';
import type { TicketRow } from './schema.js';
import { SlaFacts } from './sla-facts.js';
import { TicketRows } from './ticket-rows.js';
import { WorkOfPeriods } from './work-of-periods.js';

interface Client {
  readonly currency: Currency;
  readonly time_zone: TimeZone;
}
/** Clients whose currency and zone stay in memory. */
const MAX_REMEMBERED_CLIENTS = 200;

/** Puts the folded facts together as rating takes them. */
export class FactsReader {
  private configured: BillingConfiguration | undefined;
  private readonly configurationRow;
  private readonly clients = new Map<string, Client>();
  private readonly clientRow;
  private readonly contracts: ContractsReader;
  private readonly accounts: AccountReader;
  private readonly sla: SlaFacts;
  private readonly kinds;
  private readonly texts;

  constructor(
    database: ReadDatabase,
    private readonly work = new WorkOfPeriods(database),
    private readonly ticketRows = new TicketRows(database),
  ) {
    this.configurationRow = database.statement<[], string>('SELECT configuration FROM rating_configuration').pluck();
    this.clientRow = database.statement<[string], Client>(
      'SELECT currency, time_zone FROM clients WHERE client_id = ?',
    );
    this.contracts = new ContractsReader(database);
    this.accounts = new AccountReader(database);
    this.sla = new SlaFacts(database);
    this.kinds = database.statement<[string], Pick<WorkItem, 'kind'>>(
      'SELECT kind FROM work_items WHERE ticket_id = ?',
    );
    this.texts = database.statement<[string], { text: string; eventId: string }>(
      'SELECT text, event_id AS eventId FROM ticket_texts WHERE ticket_id = ? ORDER BY position, part',
    );
  }

  /** Contracts, clients or the configuration changed: what is remembered of them is out of date. */
  forget(): void {
    this.contracts.forget();
    this.clients.clear();
    this.configured = undefined;
  }

  /** The default one until the first is published, which marks everything. */
  configuration(): BillingConfiguration {
    if (this.configured === undefined) {
      const row = this.configurationRow.get();
      this.configured = row === undefined ? DEFAULT_CONFIGURATION : (JSON.parse(row) as BillingConfiguration);
    }
    return this.configured;
  }

  /** `handedOver`: what the period before hands over, as JSON; null: it is the client's first. */
  periodFacts(clientId: string, period: Month, handedOver: string | null): ClientPeriodFacts {
    const configuration = this.configuration();
    const work = this.work.of(clientId, period);
    const account = this.accounts.of(clientId, period);
    const { invoiced, writtenOff } = account;
    const ofTickets = [...work, ...invoiced.map(({ line }) => line), ...writtenOff];
    const tickets = this.tickets(new Set(ofTickets.map((one) => one.ticketId)));
    const contracts = this.contracts.ofClient(clientId);
    const client = this.client(clientId);
    return {
      clientId,
      // A client that nobody registered has no contract either: its work is unpriced, in the house's currency.
      currency: client?.currency ?? configuration.organisation.currency,
      period,
      contracts,
      tickets,
      work,
      ...account,
      configuration,
      ...(client === undefined ? {} : { clientTimeZone: client.time_zone }),
      ...(handedOver === null ? {} : { carriedOver: JSON.parse(handedOver) as CarriedOver }),
      slaBreaches: this.sla.of(clientId, period),
      laterDraws: this.accounts.laterDraws(clientId, period),
      laterCaps: this.accounts.laterCaps(clientId, period, contracts, tickets),
    };
  }

  private tickets(ticketIds: ReadonlySet<string>): ReadonlyMap<string, TicketFacts> {
    return new Map(this.ticketRows.of(ticketIds).map((row) => [row.ticket_id, this.ticket(row)]));
  }

  private client(clientId: string): Client | undefined {
    const known = this.clients.get(clientId) ?? this.clientRow.get(clientId);
    if (known === undefined) return undefined;
    if (this.clients.size >= MAX_REMEMBERED_CLIENTS) this.clients.clear();
    this.clients.set(clientId, known);
    return known;
  }

  ticketRow(ticketId: string): TicketRow | undefined {
    return this.ticketRows.one(ticketId);
  }

  kindsOfWork(ticketId: string): readonly Pick<WorkItem, 'kind'>[] {
    return this.kinds.all(ticketId);
  }

  workOf(ticketId: string): readonly WorkItem[] {
    return this.work.ofTicket(ticketId);
  }

  /** The day of the latest resolution where the client is. */
  resolvedOn(row: TicketRow): LocalDate | null {
    if (row.resolved_at === null) return null;
    const own = row.client_id === null ? undefined : this.client(row.client_id);
    return localDateIn(own?.time_zone ?? this.configuration().organisation.timeZone, row.resolved_at);
  }

  /** Rating reads no texts: they are loaded only where a ticket's own gaps are looked for in them. */
  ticket(row: TicketRow, { texts }: { readonly texts: boolean } = { texts: false }): TicketFacts {
    const { no_charge_reason_code: reasonCode, no_charge_reason: reason, no_charge_event_id: eventId } = row;
    return {
      ticketId: row.ticket_id,
      clientId: row.client_id,
      contractId: row.contract_id,
      siteId: row.site_id,
      category: row.category,
      ticketType: row.ticket_type,
      priority: row.priority,
      summary: row.summary,
      texts: texts ? this.texts.all(row.ticket_id) : [],
      materials: row.materials,
      resolvedOn: this.resolvedOn(row),
      resolvedEventId: row.resolved_event_id,
      noCharge: reasonCode === null || reason === null || eventId === null ? null : { reasonCode, reason, eventId },
    };
  }
}
