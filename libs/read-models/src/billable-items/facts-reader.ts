import { localDateIn, type Currency, type LocalDate, type Month, type TimeZone } from '@billtrail/kernel';
import type { ContractTerms } from '@billtrail/contracts';
import {
  DEFAULT_CONFIGURATION,
  type Approval,
  type BillingConfiguration,
  type ClientPeriodFacts,
  type ContractFacts,
  type FrozenLine,
  type InvoiceLine,
  type TicketFacts,
  type WorkItem,
  type WrittenOff,
} from '@billtrail/billing';
import type { ReadDatabase } from '../database/read-database.js';
import type { TicketRow } from './schema.js';

/** Clients whose contracts stay parsed between two ratings: while serving, the same few are rated again and again. */
const MAX_REMEMBERED_CLIENTS = 200;

interface Client {
  readonly currency: Currency;
  readonly time_zone: TimeZone;
}
interface ContractRow {
  contract_id: string;
  client_id: string;
  name: string;
  priority: number;
  last_day: string | null;
}
interface VersionRow {
  version_number: number;
  effective_from: string;
  effective_to: string | null;
  terms: string;
}
interface WorkRow {
  ticket_id: string;
  work_item_id: string;
  kind: WorkItem['kind'];
  position: number;
  approval: Approval | null;
  facts: string;
  source_event_ids: string;
}
interface LineRow {
  invoice_id: string;
  frozen: number;
  item_id: string;
  line: string;
}

const WORK_COLUMNS = 'ticket_id, name AS work_item_id, kind, position, approval, facts, source_event_ids';

/** Puts the folded facts together as rating takes them. */
export class FactsReader {
  private readonly remembered = new Map<string, readonly ContractFacts[]>();
  private configured: BillingConfiguration | undefined;
  private readonly configurationRow;
  private readonly client;
  private readonly contractRows;
  private readonly versionRows;
  private readonly workOfPeriod;
  private readonly workOfTicket;
  private readonly ticketById;
  private readonly kinds;
  private readonly texts;
  private readonly documentLines;
  private readonly writeOffs;

  constructor(database: ReadDatabase) {
    this.configurationRow = database.statement<[], string>('SELECT configuration FROM rating_configuration').pluck();
    this.client = database.statement<[string], Client>('SELECT currency, time_zone FROM clients WHERE client_id = ?');
    this.contractRows = database.statement<[string], ContractRow>(
      'SELECT * FROM contracts WHERE client_id = ? ORDER BY contract_id',
    );
    this.versionRows = database.statement<[string], VersionRow>(
      'SELECT * FROM contract_versions WHERE contract_id = ? ORDER BY version_number',
    );
    this.workOfPeriod = database.statement<[string, string], WorkRow>(
      `SELECT ${WORK_COLUMNS} FROM work_items WHERE client_id = ? AND period = ?`,
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
    this.documentLines = database.statement<[string, string], LineRow>(
      `SELECT invoice_id, frozen, item_id, line FROM account_documents JOIN account_lines USING (invoice_id)
       WHERE client_id = ? AND period = ? ORDER BY account_lines.position, part`,
    );
    this.writeOffs = database
      .statement<[string, string], string>(
        'SELECT facts FROM write_offs WHERE client_id = ? AND period = ? ORDER BY position',
      )
      .pluck();
  }

  /** Contracts or the configuration changed: what is remembered of them is out of date. */
  forget(): void {
    this.remembered.clear();
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

  periodFacts(clientId: string, period: Month, configuration: BillingConfiguration): ClientPeriodFacts {
    const work = this.workOfPeriod.all(clientId, period).map(workItemOf);
    const invoiced: FrozenLine[] = [];
    const claimed = new Map<string, string>();
    for (const row of this.documentLines.all(clientId, period)) {
      if (row.frozen === 1) invoiced.push({ line: JSON.parse(row.line) as InvoiceLine, invoiceId: row.invoice_id });
      else claimed.set(row.item_id, row.invoice_id);
    }
    const writtenOff = this.writeOffs.all(clientId, period).map((facts) => JSON.parse(facts) as WrittenOff);
    const tickets = new Map<string, TicketFacts>();
    const need = (ticketId: string): void => {
      if (tickets.has(ticketId)) return;
      const row = this.ticketById.get(ticketId);
      if (row) tickets.set(ticketId, this.ticket(row));
    };
    for (const item of work) need(item.ticketId);
    for (const { line } of invoiced) need(line.ticketId);
    for (const item of writtenOff) need(item.ticketId);
    return {
      clientId,
      // A client that nobody registered has no contract either: its work is unpriced, in the house's currency.
      currency: this.client.get(clientId)?.currency ?? configuration.organisation.currency,
      period,
      contracts: this.contractsOf(clientId),
      tickets,
      work,
      invoiced,
      claimed,
      writtenOff,
      configuration,
    };
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

  contractsOf(clientId: string): readonly ContractFacts[] {
    const known = this.remembered.get(clientId);
    if (known) return known;
    if (this.remembered.size >= MAX_REMEMBERED_CLIENTS) this.remembered.clear();
    const contracts = this.contractRows.all(clientId).map((row) => ({
      contractId: row.contract_id,
      clientId: row.client_id,
      name: row.name,
      priority: row.priority,
      lastDay: row.last_day,
      versions: this.versionRows.all(row.contract_id).map((version) => ({
        versionNumber: version.version_number,
        effectiveFrom: version.effective_from,
        effectiveTo: version.effective_to,
        terms: JSON.parse(version.terms) as ContractTerms,
      })),
    }));
    this.remembered.set(clientId, contracts);
    return contracts;
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
  return item as unknown as WorkItem;
}
