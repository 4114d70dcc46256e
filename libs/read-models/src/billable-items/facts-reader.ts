import { localDateIn, type Currency, type LocalDate, type Month, type TimeZone } from '@billtrail/kernel';
import {
  DEFAULT_CONFIGURATION,
  type Approval,
  type BillingConfiguration,
  type CarriedOver,
  type ClientPeriodFacts,
  type PriceOverride,
  type TicketFacts,
  type WorkItem,
} from '@billtrail/billing';
import type { ReadDatabase } from '../database/read-database.js';
import { AccountReader } from './account-reader.js';
import { ContractsReader } from './contracts-reader.js';
import type { TicketRow } from './schema.js';
import { SlaFacts } from './sla-facts.js';

interface Client {
  readonly currency: Currency;
  readonly time_zone: TimeZone;
}
interface WorkRow {
  ticket_id: string;
  work_item_id: string;
  kind: WorkItem['kind'];
  position: number;
  approval: Approval | null;
  facts: string;
  source_event_ids: string;
  override: string | null;
}
const WORK_COLUMNS = 'ticket_id, name AS work_item_id, kind, position, approval, facts, source_event_ids, override';

/** Puts the folded facts together as rating takes them. */
export class FactsReader {
  private configured: BillingConfiguration | undefined;
  private readonly configurationRow;
  private readonly client;
  private readonly contracts: ContractsReader;
  private readonly accounts: AccountReader;
  private readonly sla: SlaFacts;
  private readonly workOfPeriod;
  private readonly workOfTicket;
  private readonly ticketById;
  private readonly kinds;
  private readonly texts;

  constructor(database: ReadDatabase) {
    this.configurationRow = database.statement<[], string>('SELECT configuration FROM rating_configuration').pluck();
    this.client = database.statement<[string], Client>('SELECT currency, time_zone FROM clients WHERE client_id = ?');
    this.contracts = new ContractsReader(database);
    this.accounts = new AccountReader(database);
    this.sla = new SlaFacts(database);
    this.workOfPeriod = database.statement<[{ client: string; period: string }], WorkRow>(
      `SELECT ${WORK_COLUMNS} FROM work_items WHERE client_id = :client AND period = :period
       UNION ALL
       SELECT ${WORK_COLUMNS} FROM work_items WHERE (ticket_id, work_item_id) IN (
         SELECT ticket_id, work_item_id FROM work_spans WHERE client_id = :client AND period = :period
       )`,
    );
    this.workOfTicket = database.statement<[string], WorkRow>(
      `SELECT ${WORK_COLUMNS} FROM work_items WHERE ticket_id = ? ORDER BY position, work_item_id`,
    );
    this.kinds = database.statement<[string], Pick<WorkItem, 'kind'>>(
      'SELECT kind FROM work_items WHERE ticket_id = ?',
    );
    this.ticketById = database.statement<[string], TicketRow>('SELECT * FROM tickets WHERE ticket_id = ?');
    this.texts = database.statement<[string], { text: string; eventId: string }>(
      'SELECT text, event_id AS eventId FROM ticket_texts WHERE ticket_id = ? ORDER BY position, part',
    );
  }

  /** Contracts or the configuration changed: what is remembered of them is out of date. */
  forget(): void {
    this.contracts.forget();
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
    const work = this.workOfPeriod.all({ client: clientId, period }).map(workItemOf);
    const account = this.accounts.of(clientId, period);
    const { invoiced, writtenOff } = account;
    const ticketIds = [...work, ...invoiced.map(({ line }) => line), ...writtenOff].map((one) => one.ticketId);
    const tickets = this.tickets(ticketIds);
    const contracts = this.contracts.ofClient(clientId);
    const client = this.client.get(clientId);
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

  private tickets(ticketIds: readonly string[]): ReadonlyMap<string, TicketFacts> {
    const tickets = new Map<string, TicketFacts>();
    for (const ticketId of ticketIds) {
      if (tickets.has(ticketId)) continue;
      const row = this.ticketById.get(ticketId);
      if (row) tickets.set(ticketId, this.ticket(row));
    }
    return tickets;
  }

  ticketRow(ticketId: string): TicketRow | undefined {
    return this.ticketById.get(ticketId);
  }

  kindsOfWork(ticketId: string): readonly Pick<WorkItem, 'kind'>[] {
    return this.kinds.all(ticketId);
  }

  workOf(ticketId: string): readonly WorkItem[] {
    return this.workOfTicket.all(ticketId).map(workItemOf);
  }

  /** The day of the latest resolution where the client is. */
  resolvedOn(row: TicketRow): LocalDate | null {
    if (row.resolved_at === null) return null;
    const own = row.client_id === null ? undefined : this.client.get(row.client_id);
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

/** The stored facts are those of the row's kind: they were written together. Completed in place, for a rating reads hundreds of them. */
function workItemOf(row: WorkRow): WorkItem {
  const item = JSON.parse(row.facts) as Record<string, unknown>;
  item['kind'] = row.kind;
  item['workItemId'] = row.work_item_id;
  item['ticketId'] = row.ticket_id;
  item['position'] = row.position;
  item['sourceEventIds'] = JSON.parse(row.source_event_ids);
  if (row.kind === 'time') item['approval'] = row.approval;
  if (row.override !== null) item['override'] = JSON.parse(row.override) as PriceOverride;
  return item as unknown as WorkItem;
}
