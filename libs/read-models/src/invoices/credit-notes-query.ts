import type { Currency, Instant, Month, MoneyJson } from '@billtrail/kernel';
import type { CreditNoteFacts, CreditOutcome, CreditedCharge, CreditedLine } from '@billtrail/billing';
import { moneyOf, numberOrNull } from '../database/money-columns.js';
import { decodeCursor, encodeCursor, pageLimit, pageOf, type Page, type PageRequest } from '../database/paging.js';
import type { ReadDatabase } from '../database/read-database.js';
import {
  creditNoteQueries,
  type CreditNoteLineRow,
  type CreditNoteRow,
  type CreditNoteStatus,
} from './credit-notes-schema.js';

export interface CreditNote extends CreditNoteFacts {
  readonly status: CreditNoteStatus;
  /** null while it is `issuing`. */
  readonly number: string | null;
  readonly numberInSeries: number | null;
  readonly lineCount: number;
  readonly issuedAt: Instant | null;
}

/** A line of a credit note: of work (`line`) or a charge (`charge`). */
export type NumberedCredit = (CreditedLine | CreditedCharge) & {
  /** 1, 2, 3 ... on its document. */
  readonly lineNumber: number;
};

export interface CreditNoteFilter {
  readonly clientId?: string | undefined;
  readonly period?: Month | undefined;
  readonly invoiceId?: string | undefined;
  readonly status?: CreditNoteStatus | undefined;
}

/** What a credit note took back of one line of an invoice. */
export interface CreditOfItem {
  readonly creditNoteId: string;
  readonly outcome: CreditOutcome;
  readonly net: MoneyJson;
  readonly isWhole: boolean;
}

/** Which credit notes there are, and what is on them. */
export class CreditNotesQuery {
  constructor(private readonly database: ReadDatabase) {}

  async get(creditNoteId: string): Promise<CreditNote | null> {
    const query = creditNoteQueries.selectFrom('credit_notes').selectAll();
    const row = this.database.first(query.where('credit_note_id', '=', creditNoteId));
    return row ? present(row) : null;
  }

  async byNumber(number: string): Promise<CreditNote | null> {
    const query = creditNoteQueries.selectFrom('credit_notes').selectAll();
    const row = this.database.first(query.where('number', '=', number));
    return row ? present(row) : null;
  }

  /** In the order in which they were asked for. */
  async list(filter: CreditNoteFilter = {}, page: PageRequest = {}): Promise<Page<CreditNote>> {
    const limit = pageLimit(page);
    const after = decodeCursor('credit-notes', ['number'], page.cursor);
    let query = creditNoteQueries.selectFrom('credit_notes').selectAll();
    if (filter.clientId !== undefined) query = query.where('client_id', '=', filter.clientId);
    if (filter.period !== undefined) query = query.where('period', '=', filter.period);
    if (filter.invoiceId !== undefined) query = query.where('invoice_id', '=', filter.invoiceId);
    if (filter.status !== undefined) query = query.where('status', '=', filter.status);
    if (after) query = query.where('requested_position', '>', BigInt(after[0] as number));
    const rows = this.database.all(query.orderBy('requested_position').limit(limit + 1));
    return pageOf(rows, limit, present, (row) => encodeCursor('credit-notes', [Number(row.requested_position)]));
  }

  async lines(creditNoteId: string, page: PageRequest = {}): Promise<Page<NumberedCredit>> {
    const limit = pageLimit(page);
    const after = decodeCursor('credit-note-lines', ['number'], page.cursor);
    let query = creditNoteQueries
      .selectFrom('credit_note_lines')
      .select(['line_number', 'line'])
      .where('credit_note_id', '=', creditNoteId);
    if (after) query = query.where('line_number', '>', BigInt(after[0] as number));
    const rows = this.database.all(query.orderBy('line_number').limit(limit + 1));
    return pageOf(
      rows,
      limit,
      (row) => ({
        lineNumber: Number(row.line_number),
        ...(JSON.parse(row.line) as CreditedLine | CreditedCharge),
      }),
      (row) => encodeCursor('credit-note-lines', [Number(row.line_number)]),
    );
  }

  /** What was taken back of some lines of an invoice, by item id: of work, or of charges; in the order of the credit notes. */
  creditsOf(
    invoiceId: string,
    itemIds: readonly string[],
    of: 'work' | 'charges',
  ): ReadonlyMap<string, readonly CreditOfItem[]> {
    const credits = new Map<string, CreditOfItem[]>();
    if (itemIds.length === 0) return credits;
    const query = creditNoteQueries
      .selectFrom('credit_note_lines as line')
      .innerJoin('credit_notes as note', 'note.credit_note_id', 'line.credit_note_id')
      .selectAll('line')
      .where('line.invoice_id', '=', invoiceId)
      .where('item_id', 'in', [...itemIds])
      .where('is_charge', '=', of === 'charges' ? 1n : 0n)
      .where('outcome', '<>', 'corrected');
    for (const row of this.database.all(query.orderBy('requested_position').orderBy('line_number'))) {
      const known = credits.get(row.item_id);
      if (known === undefined) credits.set(row.item_id, [creditOf(row)]);
      else known.push(creditOf(row));
    }
    return credits;
  }
}

function creditOf(row: CreditNoteLineRow): CreditOfItem {
  return {
    creditNoteId: row.credit_note_id,
    outcome: row.outcome,
    net: moneyOf(row.net_minor, row.currency),
    isWhole: row.is_whole === 1n,
  };
}

function present(row: CreditNoteRow): CreditNote {
  return {
    ...(JSON.parse(row.facts) as CreditNoteFacts),
    status: row.status,
    number: row.number,
    numberInSeries: numberOrNull(row.number_in_series),
    lineCount: Number(row.line_count),
    issuedAt: row.issued_at,
  };
}

/** What was given back of an invoice. */
export function creditedTotals(
  row: { readonly credited_net_minor: bigint; readonly credited_tax_minor: bigint },
  currency: Currency,
): { readonly net: MoneyJson; readonly tax: MoneyJson; readonly total: MoneyJson } | null {
  const { credited_net_minor: net, credited_tax_minor: tax } = row;
  if (net === 0n && tax === 0n) return null;
  return { net: moneyOf(net, currency), tax: moneyOf(tax, currency), total: moneyOf(net + tax, currency) };
}
