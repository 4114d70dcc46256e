import { type Currency, type Instant, type LocalDate, type Month, type MoneyJson } from '@billtrail/kernel';
import type { FrozenCharge, InvoiceLine, NamedTax, PartyOnDocument, TaxTotal } from '@billtrail/billing';
import type { EventStore } from '@billtrail/event-store';
import { allOf, firstOf, listed, listedByLog, type List, type LogList } from '../database/list.js';
import { fromColumns, moneyOf } from '../database/money-columns.js';
import type { Page, PageRequest } from '../database/paging.js';
import type { ReadDatabase } from '../database/read-database.js';
import { byName } from './by-name.js';
import type { RowOf } from '../database/table.js';
import { type CreditShown, creditShown } from './credit-shown.js';
import { CreditNotesQuery, creditedTotals, type CreditOfItem } from './credit-notes-query.js';
import { CHARGES_OF_INVOICES, INVOICES, LINES_OF_INVOICES, type InvoiceRow, type InvoiceStatus } from './tables.js';

export interface Invoice {
  readonly invoiceId: string;
  /** The client served: it is of that one's account. */
  readonly clientId: string;
  /** The client that receives and pays it. */
  readonly recipientId: string;
  /** The site that it is for; null: for none in particular. */
  readonly siteId: string | null;
  readonly period: Month;
  readonly currency: Currency;
  readonly status: InvoiceStatus;
  /** Of an issued invoice. */
  readonly number: string | null;
  readonly numberInSeries: number | null;
  readonly series: string | null;
  /** Of a draft the day that was named for it: it is issued on that one unless another is named then. null: none was. */
  readonly issueDate: LocalDate | null;
  /** Of a draft for which a day of issue was named: as if it were issued on that one. null: it has none, or it is a draft without such a day. */
  readonly dueDate: LocalDate | null;
  /** Of payment, as the document words them; null: it states none. */
  readonly terms: string | null;
  /** How its tax was rounded: once per category and rate, or on each line. */
  readonly taxRounding: 'document' | 'line';
  /** Sum of the nets of lines and charges. */
  readonly net: MoneyJson;
  /**
   * At the tax rates of the draft, then of the issue. null, and no `taxTotals`: a tax category had no rate when it was drafted, or the draft is
   * of schema version 1, which had no totals.
   */
  readonly tax: MoneyJson | null;
  readonly total: MoneyJson | null;
  readonly taxTotals: readonly TaxTotal[];
  /** Each tax over all categories, where a category has several. Absent: none has. */
  readonly taxesByName?: readonly NamedTax[];
  /** What credit notes gave back of it; null: nothing. The document itself stays as it was issued. */
  readonly credited: { readonly net: MoneyJson; readonly tax: MoneyJson; readonly total: MoneyJson } | null;
  /** Lines for work and charges together. */
  readonly lineCount: number;
  /** As of the draft, then of the issue. null: a draft of schema version 1. */
  readonly seller: PartyOnDocument | null;
  readonly buyer: PartyOnDocument | null;
  /** Of the draft, without number and date of issue: an approval can name it. null: drafted by schema version 1. */
  readonly hash: string | null;
  /** null: drafted before that was kept. */
  readonly draftedBy: string | null;
  readonly approvedBy: string | null;
  readonly discardReason: string | null;
  readonly draftedAt: Instant;
  readonly issuedAt: Instant | null;
}

export interface NumberedLine extends InvoiceLine {
  readonly creditOf: CreditShown | null;
  /** 1, 2, 3 ... on its document. */
  readonly lineNumber: number;
  /** What credit notes took back of it. Absent: nothing. */
  readonly credits?: readonly CreditOfItem[];
}

/** A line that is not for work. Lines and charges of a document are numbered together. */
export interface NumberedCharge extends FrozenCharge {
  readonly creditOf: CreditShown | null;
  readonly lineNumber: number;
  /** What credit notes took back of it. Absent: nothing. */
  readonly credits?: readonly CreditOfItem[];
}

export interface InvoiceFilter {
  readonly clientId?: string | undefined;
  readonly recipientId?: string | undefined;
  readonly period?: Month | undefined;
  readonly status?: InvoiceStatus | undefined;
}

const INVOICE_LIST: LogList<InvoiceRow, Invoice> = {
  name: 'invoices',
  from: INVOICES,
  order: 'draftedPosition',
  since: ({ draftedPosition, draftedEventId }) => ({ position: draftedPosition, id: draftedEventId }),
  present,
};
const LINE_LIST: List<RowOf<typeof LINES_OF_INVOICES>, Omit<NumberedLine, 'creditOf'> & InvoiceLine> = {
  name: 'invoice-lines',
  from: LINES_OF_INVOICES,
  order: ['lineNumber'],
  present: ({ lineNumber, line }) => ({ lineNumber, ...line }),
};
const CHARGE_LIST: List<RowOf<typeof CHARGES_OF_INVOICES>, Omit<NumberedCharge, 'creditOf'> & FrozenCharge> = {
  name: 'invoice-charges',
  from: CHARGES_OF_INVOICES,
  order: ['lineNumber'],
  present: ({ lineNumber, charge }) => ({ lineNumber, ...charge }),
};

/** Which documents there are, where they stand, and what is on them. */
export class InvoicesQuery {
  private readonly creditNotes: CreditNotesQuery;

  constructor(
    private readonly database: ReadDatabase,
    private readonly store: Pick<EventStore, 'eventAt'>,
  ) {
    this.creditNotes = new CreditNotesQuery(database, store);
  }

  async get(invoiceId: string): Promise<Invoice | null> {
    const row = firstOf(this.database, INVOICES, { invoiceId });
    return row ? present(row) : null;
  }

  /** Those with this number: logs of before may hold several (K14). Where there is none, the one with this id. */
  async named(numberOrId: string): Promise<readonly Invoice[]> {
    const numbered = allOf(this.database, INVOICES, { number: numberOrId }, ['draftedPosition']);
    const rows =
      numbered.length > 0 ? numbered : allOf(this.database, INVOICES, { invoiceId: numberOrId }, ['invoiceId']);
    return rows.map(present);
  }

  /** In the order of drafting. */
  async list(filter: InvoiceFilter = {}, page: PageRequest = {}): Promise<Page<Invoice>> {
    const { clientId, recipientId, period, status } = filter;
    return listedByLog(this.database, this.store, INVOICE_LIST, { clientId, recipientId, period, status }, page);
  }

  /** True where an invoice or a draft of the client is for another. */
  async anyToAnother(clientId: string): Promise<boolean> {
    const sql = 'SELECT 1 FROM invoices WHERE client_id = ? AND recipient_id <> client_id LIMIT 1';
    return this.database.query<[string]>(sql).get(clientId) !== undefined;
  }

  /** Who received invoices, and for which site they are. Ids that none has are left out. */
  receivedNow(
    invoiceIds: readonly string[],
  ): ReadonlyMap<string, { readonly recipientId: string; readonly siteId: string | null }> {
    if (invoiceIds.length === 0) return new Map();
    const rows = this.database
      .query<[string], { invoiceId: string; recipientId: string; siteId: string | null }>(
        `SELECT invoice_id AS invoiceId, recipient_id AS recipientId, site_id AS siteId FROM invoices
         WHERE invoice_id IN (SELECT value FROM json_each(?))`,
      )
      .all(JSON.stringify(invoiceIds));
    return new Map(rows.map(({ invoiceId, recipientId, siteId }) => [invoiceId, { recipientId, siteId }]));
  }

  /** The lines for work as they were drafted, all of them. At once: for whoever decides on them. */
  linesNow(invoiceId: string): readonly InvoiceLine[] {
    return allOf(this.database, LINES_OF_INVOICES, { invoiceId }, ['lineNumber']).map(({ line }) => line);
  }

  /** The lines for work. */
  async lines(invoiceId: string, page: PageRequest = {}): Promise<Page<NumberedLine>> {
    const { items, nextCursor } = listed(this.database, LINE_LIST, { invoiceId }, page);
    const ids = items.map(({ itemId }) => itemId);
    const credits = this.creditNotes.creditsOf(invoiceId, ids, 'work');
    const shown = await this.creditsShown(invoiceId, items);
    return {
      items: items.map((line, index) => ({
        ...line,
        ...creditsOn(credits.get(line.itemId)),
        creditOf: shown[index] ?? null,
      })),
      nextCursor,
    };
  }

  /** The lines that are not for work: recurring charges, blocks, minimums, discounts, credits. */
  async charges(invoiceId: string, page: PageRequest = {}): Promise<Page<NumberedCharge>> {
    const { items, nextCursor } = listed(this.database, CHARGE_LIST, { invoiceId }, page);
    const ids = items.map(({ chargeItemId }) => chargeItemId);
    const credits = this.creditNotes.creditsOf(invoiceId, ids, 'charges');
    const shown = await this.creditsShown(invoiceId, items);
    return {
      items: items.map((charge, index) => ({
        ...charge,
        ...creditsOn(credits.get(charge.chargeItemId)),
        creditOf: shown[index] ?? null,
      })),
      nextCursor,
    };
  }

  /** Of each line the credit of an earlier document that it gives. */
  private async creditsShown(
    invoiceId: string,
    lines: readonly Parameters<typeof creditShown>[0][],
  ): Promise<readonly (CreditShown | null)[]> {
    if (lines.every(({ creditOf }) => creditOf === null)) return [];
    const taxTotals = (await this.get(invoiceId))?.taxTotals ?? [];
    return lines.map((line) => creditShown(line, taxTotals, this.database));
  }
}

function creditsOn(credits: readonly CreditOfItem[] | undefined): { credits?: readonly CreditOfItem[] } {
  return credits === undefined ? {} : { credits };
}

function present(row: InvoiceRow): Invoice {
  const { netMinor, taxMinor, totalMinor, creditedNetMinor: _, creditedTaxMinor: __, taxTotals, ...others } = row;
  const { draftedPosition: ___, draftedEventId: ____, ...same } = others;
  const { currency } = row;
  return {
    ...same,
    net: moneyOf(netMinor, currency),
    tax: fromColumns(taxMinor, currency),
    total: fromColumns(totalMinor, currency),
    taxTotals: taxTotals ?? [],
    ...byName(taxTotals ?? []),
    credited: creditedTotals(row, currency),
  };
}
