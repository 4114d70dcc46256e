import type { Currency, Instant, LocalDate, Month, MoneyJson } from '@billtrail/kernel';
import type { FrozenCharge, InvoiceLine, PartyOnDocument, TaxTotal } from '@billtrail/billing';
import { fromColumns, moneyOf, numberOrNull } from '../database/money-columns.js';
import { decodeCursor, encodeCursor, pageLimit, pageOf, type Page, type PageRequest } from '../database/paging.js';
import type { ReadDatabase } from '../database/read-database.js';
import { CreditNotesQuery, creditedTotals, type CreditOfItem } from './credit-notes-query.js';
import { invoiceQueries, type InvoiceRow, type InvoiceStatus } from './schema.js';

export interface Invoice {
  readonly invoiceId: string;
  readonly clientId: string;
  readonly period: Month;
  readonly currency: Currency;
  readonly status: InvoiceStatus;
  /** Of an issued invoice. */
  readonly number: string | null;
  readonly numberInSeries: number | null;
  readonly series: string | null;
  readonly issueDate: LocalDate | null;
  /** Sum of the nets of lines and charges. */
  readonly net: MoneyJson;
  /** Known once the issue was requested. */
  readonly tax: MoneyJson | null;
  readonly total: MoneyJson | null;
  readonly taxTotals: readonly TaxTotal[];
  /** What credit notes gave back of it; null: nothing. The document itself stays as it was issued. */
  readonly credited: { readonly net: MoneyJson; readonly tax: MoneyJson; readonly total: MoneyJson } | null;
  /** Lines for work and charges together. */
  readonly lineCount: number;
  readonly seller: PartyOnDocument | null;
  readonly buyer: PartyOnDocument | null;
  readonly approvedBy: string | null;
  readonly discardReason: string | null;
  readonly draftedAt: Instant;
  readonly issuedAt: Instant | null;
}

export interface NumberedLine extends InvoiceLine {
  /** 1, 2, 3 ... on its document. */
  readonly lineNumber: number;
  /** What credit notes took back of it. Absent: nothing. */
  readonly credits?: readonly CreditOfItem[];
}

/** A line that is not for work. Lines and charges of a document are numbered together. */
export interface NumberedCharge extends FrozenCharge {
  readonly lineNumber: number;
  /** What credit notes took back of it. Absent: nothing. */
  readonly credits?: readonly CreditOfItem[];
}

export interface InvoiceFilter {
  readonly clientId?: string | undefined;
  readonly period?: Month | undefined;
  readonly status?: InvoiceStatus | undefined;
}

/** Which documents there are, where they stand, and what is on them. */
export class InvoicesQuery {
  private readonly creditNotes: CreditNotesQuery;

  constructor(private readonly database: ReadDatabase) {
    this.creditNotes = new CreditNotesQuery(database);
  }

  async get(invoiceId: string): Promise<Invoice | null> {
    const row = this.database.first(
      invoiceQueries.selectFrom('invoices').selectAll().where('invoice_id', '=', invoiceId),
    );
    return row ? present(row) : null;
  }

  async byNumber(number: string): Promise<Invoice | null> {
    const row = this.database.first(invoiceQueries.selectFrom('invoices').selectAll().where('number', '=', number));
    return row ? present(row) : null;
  }

  /** In the order of drafting. */
  async list(filter: InvoiceFilter = {}, page: PageRequest = {}): Promise<Page<Invoice>> {
    const limit = pageLimit(page);
    const after = decodeCursor('invoices', ['number'], page.cursor);
    let query = invoiceQueries.selectFrom('invoices').selectAll();
    if (filter.clientId !== undefined) query = query.where('client_id', '=', filter.clientId);
    if (filter.period !== undefined) query = query.where('period', '=', filter.period);
    if (filter.status !== undefined) query = query.where('status', '=', filter.status);
    if (after) query = query.where('drafted_position', '>', BigInt(after[0] as number));
    const rows = this.database.all(query.orderBy('drafted_position').limit(limit + 1));
    return pageOf(rows, limit, present, (row) => encodeCursor('invoices', [Number(row.drafted_position)]));
  }

  /** The lines for work. */
  async lines(invoiceId: string, page: PageRequest = {}): Promise<Page<NumberedLine>> {
    const limit = pageLimit(page);
    const after = decodeCursor('invoice-lines', ['number'], page.cursor);
    let query = invoiceQueries
      .selectFrom('invoice_lines')
      .select(['line_number', 'item_id', 'line'])
      .where('invoice_id', '=', invoiceId);
    if (after) query = query.where('line_number', '>', BigInt(after[0] as number));
    const rows = this.database.all(query.orderBy('line_number').limit(limit + 1));
    const itemIds = rows.map((row) => row.item_id);
    const credits = this.creditNotes.creditsOf(invoiceId, itemIds, 'work');
    return pageOf(
      rows,
      limit,
      (row) => ({
        lineNumber: Number(row.line_number),
        ...(JSON.parse(row.line) as InvoiceLine),
        ...creditsOn(credits.get(row.item_id)),
      }),
      (row) => encodeCursor('invoice-lines', [Number(row.line_number)]),
    );
  }
  /** The lines that are not for work: recurring charges, blocks, minimums, discounts, credits. */
  async charges(invoiceId: string, page: PageRequest = {}): Promise<Page<NumberedCharge>> {
    const limit = pageLimit(page);
    const after = decodeCursor('invoice-charges', ['number'], page.cursor);
    let query = invoiceQueries
      .selectFrom('invoice_charges')
      .select(['line_number', 'charge_item_id', 'charge'])
      .where('invoice_id', '=', invoiceId);
    if (after) query = query.where('line_number', '>', BigInt(after[0] as number));
    const rows = this.database.all(query.orderBy('line_number').limit(limit + 1));
    const itemIds = rows.map((row) => row.charge_item_id);
    const credits = this.creditNotes.creditsOf(invoiceId, itemIds, 'charges');
    return pageOf(
      rows,
      limit,
      (row) => ({
        lineNumber: Number(row.line_number),
        ...(JSON.parse(row.charge) as FrozenCharge),
        ...creditsOn(credits.get(row.charge_item_id)),
      }),
      (row) => encodeCursor('invoice-charges', [Number(row.line_number)]),
    );
  }
}

function creditsOn(credits: readonly CreditOfItem[] | undefined): { credits?: readonly CreditOfItem[] } {
  return credits === undefined ? {} : { credits };
}

function present(row: InvoiceRow): Invoice {
  return {
    invoiceId: row.invoice_id,
    clientId: row.client_id,
    period: row.period,
    currency: row.currency,
    status: row.status,
    number: row.number,
    numberInSeries: numberOrNull(row.number_in_series),
    series: row.series,
    issueDate: row.issue_date,
    net: moneyOf(row.net_minor, row.currency),
    tax: fromColumns(row.tax_minor, row.currency),
    total: fromColumns(row.total_minor, row.currency),
    taxTotals: row.tax_totals === null ? [] : (JSON.parse(row.tax_totals) as TaxTotal[]),
    credited: creditedTotals(row, row.currency),
    lineCount: Number(row.line_count),
    seller: row.seller === null ? null : (JSON.parse(row.seller) as PartyOnDocument),
    buyer: row.buyer === null ? null : (JSON.parse(row.buyer) as PartyOnDocument),
    approvedBy: row.approved_by,
    discardReason: row.discard_reason,
    draftedAt: row.drafted_at,
    issuedAt: row.issued_at,
  };
}
