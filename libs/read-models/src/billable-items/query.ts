import type { LocalDate, Month, MoneyJson } from '@billtrail/kernel';
import type { ContractToAnalyse, WorkKind } from '@billtrail/contracts';
import type {
  Approval,
  BillableItem,
  ClientPeriodFacts,
  DerivedGap,
  Disposition,
  Draw,
  Segment,
  Trace,
} from '@billtrail/billing';
import { fromColumns, numberOrNull } from '../database/money-columns.js';
import { decodeCursor, encodeCursor, pageLimit, pageOf, type Page, type PageRequest } from '../database/paging.js';
import type { ReadDatabase } from '../database/read-database.js';
import { IS_ACCEPTED } from '../gaps/accepted.js';
import { ContractsReader } from './contracts-reader.js';
import { FactsReader } from './facts-reader.js';
import { PeriodChain } from './period-chain.js';
import { NO_CLIENT, NO_TICKET, itemQueries, type BillableItemRow, type DerivedGapRow } from './schema.js';

export interface ItemFilter {
  /** null: work of tickets without a client. */
  readonly clientId?: string | null | undefined;
  readonly period?: Month | undefined;
  readonly ticketId?: string | undefined;
  readonly disposition?: Disposition | undefined;
  readonly kind?: WorkKind | undefined;
  readonly approval?: Approval | undefined;
}

/** A derived gap with its key. */
export interface KeyedGap extends DerivedGap {
  readonly key: string;
}

/** A key whose derived gap changed or went away. `change` tells one change from the next of the same key. */
export interface GapChange {
  readonly key: string;
  readonly change: number;
}

/** Most keys that are handed out at once. */
export const MAX_GAP_CHANGES = 1_000;

const ITEM_KEY = ['string', 'string', 'string', 'string'] as const;

/** What became of every piece of work, at what price and why; and which gaps that shows. */
export class BillableItemsQuery {
  constructor(private readonly database: ReadDatabase) {}

  /** All items of an id: one, save where work moved to another period after it was invoiced. */
  async byId(itemId: string): Promise<readonly BillableItem[]> {
    const query = itemQueries.selectFrom('billable_items').selectAll().where('item_id', '=', itemId);
    return this.database.all(query.orderBy('client_id').orderBy('period').orderBy('ticket_id')).map(presentItem);
  }

  /** In the order of client, period and item. */
  async list(filter: ItemFilter = {}, page: PageRequest = {}): Promise<Page<BillableItem>> {
    const limit = pageLimit(page);
    const after = decodeCursor('items', ITEM_KEY, page.cursor) as [string, string, string, string] | null;
    let query = this.filtered(filter);
    if (after) {
      const [client, period, item, ticket] = after;
      query = query.where(({ eb, refTuple, tuple }) =>
        eb(refTuple('client_id', 'period', 'item_id', 'ticket_id'), '>', tuple(client, period, item, ticket)),
      );
    }
    const rows = this.database.all(
      query
        .orderBy('client_id')
        .orderBy('period')
        .orderBy('item_id')
        .orderBy('ticket_id')
        .limit(limit + 1),
    );
    return pageOf(rows, limit, presentItem, (row) =>
      encodeCursor('items', [row.client_id, row.period, row.item_id, row.ticket_id]),
    );
  }

  /** All items of a client-period, for drafting and for checking a draft. As many as the period has. */
  async ofPeriod(clientId: string, period: Month): Promise<readonly BillableItem[]> {
    return this.database
      .all(this.filtered({ clientId, period }).orderBy('item_id').orderBy('ticket_id'))
      .map(presentItem);
  }

  async ofTicket(ticketId: string): Promise<readonly BillableItem[]> {
    const query = this.filtered({ ticketId }).orderBy('work_date').orderBy('period').orderBy('item_id');
    return this.database.all(query).map(presentItem);
  }

  /** Client-periods in which there is work, a charge or something billed, in order: what an invoice run goes through. */
  async periods(
    filter: { readonly clientId?: string | undefined; readonly period?: Month | undefined } = {},
  ): Promise<readonly { readonly clientId: string; readonly period: Month }[]> {
    const from = (table: 'billable_items' | 'charges') => {
      let query = itemQueries.selectFrom(table).select(['client_id', 'period']).where('client_id', '<>', NO_CLIENT);
      if (filter.clientId !== undefined) query = query.where('client_id', '=', filter.clientId);
      if (filter.period !== undefined) query = query.where('period', '=', filter.period);
      return query;
    };
    const query = from('billable_items').union(from('charges')).orderBy('client_id').orderBy('period');
    return this.database.all(query).map((row) => ({ clientId: row.client_id, period: row.period }));
  }

  /**
   * The facts that rating has of a client-period, as the read models know them: for `whatIf`, which records nothing. A period in which there
   * is nothing yet has the contracts, and what the period before hands over.
   */
  async periodFacts(clientId: string, period: Month): Promise<ClientPeriodFacts> {
    return this.database.snapshot(() =>
      new FactsReader(this.database).periodFacts(
        clientId,
        period,
        new PeriodChain(this.database).handedTo(clientId, period),
      ),
    );
  }

  /** All contracts of a client, as rating takes them. As many as the client has. */
  async contractsOf(clientId: string): Promise<readonly ContractToAnalyse[]> {
    return this.database.snapshot(() => new ContractsReader(this.database).ofClient(clientId));
  }

  async derivedGap(key: string): Promise<KeyedGap | null> {
    const query = itemQueries.selectFrom('derived_gaps').selectAll().where('gap_key', '=', key);
    const row = this.database.first(query.orderBy('scope').limit(1));
    return row ? presentGap(row) : null;
  }

  async derivedGapsOfTicket(ticketId: string): Promise<readonly KeyedGap[]> {
    const query = itemQueries.selectFrom('derived_gaps').selectAll().where('ticket_id', '=', ticketId);
    return this.database.all(query.orderBy('gap_key').orderBy('scope')).map(presentGap);
  }

  /** Keys to look at, oldest change first. They stay until {@link ackGapChanges}. */
  async takeGapChanges(limit: number = MAX_GAP_CHANGES): Promise<readonly GapChange[]> {
    const query = itemQueries
      .selectFrom('gap_changes')
      .selectAll()
      .orderBy('change')
      .limit(Math.min(limit, MAX_GAP_CHANGES));
    return this.database.all(query).map((row) => ({ key: row.gap_key, change: Number(row.change) }));
  }

  /** Done with these. A key that changed again meanwhile stays. */
  async ackGapChanges(changes: readonly GapChange[]): Promise<void> {
    const remove = this.database.statement('DELETE FROM gap_changes WHERE change = ? AND gap_key = ?');
    this.database.transaction(() => {
      for (const { change, key } of changes) remove.run(change, key);
    });
  }

  /**
   * Derived gaps that are gaps on `asOf` and whose latest recorded gap is neither open nor accepted: those that the gap-recording policy
   * must open. What a person accepted stays accepted while it is worth the same.
   */
  async dueGaps(asOf: LocalDate, limit: number): Promise<readonly KeyedGap[]> {
    const rows = this.database
      .exactStatement<[string, number], DerivedGapRow>(
        `SELECT d.* FROM derived_gaps d
         WHERE (d.due_on IS NULL OR d.due_on <= ?)
           AND NOT EXISTS (SELECT 1 FROM gaps o WHERE o.gap_key = d.gap_key AND o.state = 'open') AND NOT ${IS_ACCEPTED}
         ORDER BY d.due_on, d.ticket_id, d.gap_key LIMIT ?`,
      )
      .all(asOf, limit);
    return rows.map(presentGap);
  }

  private filtered(filter: ItemFilter) {
    let query = itemQueries.selectFrom('billable_items').selectAll();
    if (filter.clientId !== undefined) query = query.where('client_id', '=', filter.clientId ?? NO_CLIENT);
    if (filter.period !== undefined) query = query.where('period', '=', filter.period);
    if (filter.ticketId !== undefined) query = query.where('ticket_id', '=', filter.ticketId);
    if (filter.disposition !== undefined) query = query.where('disposition', '=', filter.disposition);
    if (filter.kind !== undefined) query = query.where('kind', '=', filter.kind);
    if (filter.approval !== undefined) query = query.where('approval', '=', filter.approval);
    return query;
  }
}

export function presentItem(row: BillableItemRow): BillableItem {
  const unitPrice: MoneyJson | null =
    row.unit_price === null || row.currency === null ? null : { amount: row.unit_price, currency: row.currency };
  return {
    itemId: row.item_id,
    workItemId: row.work_item_id,
    ticketId: row.ticket_id,
    clientId: row.client_id === NO_CLIENT ? null : row.client_id,
    period: row.period,
    kind: row.kind,
    disposition: row.disposition,
    workDate: row.work_date,
    description: row.description,
    actualMinutes: numberOrNull(row.actual_minutes),
    billableMinutes: numberOrNull(row.billable_minutes),
    quantity: row.quantity,
    unit: row.unit,
    unitPrice,
    net: fromColumns(row.net_minor, row.currency),
    taxCategory: row.tax_category,
    contractId: row.contract_id,
    contractVersion: numberOrNull(row.contract_version),
    approval: row.approval,
    invoiceId: row.invoice_id,
    ...(row.credit_note_id === null ? {} : { creditNoteId: row.credit_note_id }),
    sourceEventIds: JSON.parse(row.source_event_ids) as string[],
    trace: JSON.parse(row.trace) as Trace,
    ...(row.segment === null ? {} : { segment: JSON.parse(row.segment) as Segment }),
    ...(row.draw === null ? {} : { draw: JSON.parse(row.draw) as Draw }),
  };
}

function presentGap(row: DerivedGapRow): KeyedGap {
  return {
    key: row.gap_key,
    kind: row.kind,
    ticketId: row.ticket_id === NO_TICKET ? null : row.ticket_id,
    clientId: row.client_id,
    period: row.period,
    workItemId: row.work_item_id,
    valueAtRisk: { money: fromColumns(row.value_minor, row.currency), minutes: numberOrNull(row.minutes) },
    cause: row.cause,
    sourceEventIds: JSON.parse(row.source_event_ids) as string[],
    dueOn: row.due_on,
    ...(row.charge_contract_id === null || row.charge_id === null
      ? {}
      : { charge: { contractId: row.charge_contract_id, chargeId: row.charge_id } }),
  };
}
