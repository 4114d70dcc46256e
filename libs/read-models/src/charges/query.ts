import type { Month } from '@billtrail/kernel';
import type { ChargeItem, ChargeKind, Trace } from '@billtrail/billing';
import { itemQueries, type ChargeRow } from '../billable-items/schema.js';
import { moneyOf } from '../database/money-columns.js';
import { decodeCursor, encodeCursor, pageLimit, pageOf, type Page, type PageRequest } from '../database/paging.js';
import type { ReadDatabase } from '../database/read-database.js';

export interface ChargeFilter {
  readonly clientId?: string | undefined;
  readonly period?: Month | undefined;
  readonly contractId?: string | undefined;
  readonly kind?: ChargeKind | undefined;
  readonly disposition?: ChargeItem['disposition'] | undefined;
}

const FILTER_COLUMNS = {
  clientId: 'client_id',
  period: 'period',
  contractId: 'contract_id',
  kind: 'kind',
  disposition: 'disposition',
} as const satisfies Record<keyof ChargeFilter, keyof ChargeRow>;

const CHARGE_KEY = ['string', 'string', 'string'] as const;

/** What is charged that is not work: recurring charges, purchased blocks, minimums, discounts and credits, each with its trace. */
export class ChargesQuery {
  constructor(private readonly database: ReadDatabase) {}

  /** All charges of an id. One id is one charge: it names contract, term and first day. */
  async byId(chargeItemId: string): Promise<readonly ChargeItem[]> {
    const query = itemQueries.selectFrom('charges').selectAll().where('charge_item_id', '=', chargeItemId);
    return this.database.all(query.orderBy('client_id').orderBy('period')).map(presentCharge);
  }

  /** In the order of client, period and charge. */
  async list(filter: ChargeFilter = {}, page: PageRequest = {}): Promise<Page<ChargeItem>> {
    const limit = pageLimit(page);
    const after = decodeCursor('charges', CHARGE_KEY, page.cursor) as [string, string, string] | null;
    let query = itemQueries.selectFrom('charges').selectAll();
    for (const [name, column] of Object.entries(FILTER_COLUMNS) as [keyof ChargeFilter, keyof ChargeRow][]) {
      const value = filter[name];
      if (value !== undefined) query = query.where(column, '=', value);
    }
    if (after) {
      const [client, period, charge] = after;
      query = query.where(({ eb, refTuple, tuple }) =>
        eb(refTuple('client_id', 'period', 'charge_item_id'), '>', tuple(client, period, charge)),
      );
    }
    const rows = this.database.all(
      query
        .orderBy('client_id')
        .orderBy('period')
        .orderBy('charge_item_id')
        .limit(limit + 1),
    );
    return pageOf(rows, limit, presentCharge, (row) =>
      encodeCursor('charges', [row.client_id, row.period, row.charge_item_id]),
    );
  }

  /** All charges of a client-period, for drafting and for checking a draft. As many as the period has. */
  async ofPeriod(clientId: string, period: Month): Promise<readonly ChargeItem[]> {
    const query = itemQueries
      .selectFrom('charges')
      .selectAll()
      .where('client_id', '=', clientId)
      .where('period', '=', period);
    return this.database.all(query.orderBy('charge_item_id')).map(presentCharge);
  }
}

function presentCharge(row: ChargeRow): ChargeItem {
  return {
    chargeItemId: row.charge_item_id,
    chargeId: row.charge_id,
    clientId: row.client_id,
    period: row.period,
    kind: row.kind,
    disposition: row.disposition,
    description: row.description,
    from: row.from_day,
    to: row.to_day,
    quantity: row.quantity,
    unit: row.unit,
    unitPrice: { amount: row.unit_price, currency: row.currency },
    net: moneyOf(row.net_minor, row.currency),
    taxCategory: row.tax_category,
    contractId: row.contract_id,
    contractVersion: Number(row.contract_version),
    ticketId: row.ticket_id,
    billableFrom: row.billable_from,
    invoiceId: row.invoice_id,
    ...(row.credited_minor === null ? {} : { credited: moneyOf(row.credited_minor, row.currency) }),
    ...(row.credit_note_id === null ? {} : { creditNoteId: row.credit_note_id }),
    sourceEventIds: JSON.parse(row.source_event_ids) as string[],
    trace: JSON.parse(row.trace) as Trace,
  };
}
