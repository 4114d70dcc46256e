import type { Currency, Instant, Month, MoneyJson } from '@billtrail/kernel';
import type { CreditNoteFacts, CreditOutcome, CreditedCharge, CreditedLine, NamedTax } from '@billtrail/billing';
import type { EventStore } from '@billtrail/event-store';
import { allOf, firstOf, listed, listedByLog, type List, type LogList } from '../database/list.js';
import { moneyOf } from '../database/money-columns.js';
import type { Page, PageRequest } from '../database/paging.js';
import type { ReadDatabase } from '../database/read-database.js';
import { byName } from './by-name.js';
import { type CreditShown, creditShown } from './credit-shown.js';
import {
  CREDIT_NOTES,
  LINES_OF_CREDIT_NOTES,
  type CreditNoteLineRow,
  type CreditNoteRow,
  type CreditNoteStatus,
  type InvoiceRow,
} from './tables.js';

export interface CreditNote extends CreditNoteFacts {
  /** The client that receives it. */
  readonly recipientId: string;
  /** As of an invoice. */
  readonly taxesByName?: readonly NamedTax[];
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
  /** Of a credit that was owed: the invoice that asked for what it gives back, and why. null: none did, or the note is of that invoice. */
  readonly creditOf: CreditShown | null;
};

export interface CreditNoteFilter {
  readonly clientId?: string | undefined;
  readonly recipientId?: string | undefined;
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

const CREDIT_NOTE_LIST: LogList<CreditNoteRow, CreditNote> = {
  name: 'credit-notes',
  from: CREDIT_NOTES,
  order: 'requestedPosition',
  since: ({ requestedPosition, requestedEventId }) => ({ position: requestedPosition, id: requestedEventId }),
  present,
};
const LINE_LIST: List<CreditNoteLineRow, (CreditedLine | CreditedCharge) & Pick<NumberedCredit, 'lineNumber'>> = {
  name: 'credit-note-lines',
  from: LINES_OF_CREDIT_NOTES,
  order: ['lineNumber'],
  present: ({ lineNumber, line }) => ({ lineNumber, ...line }),
};

/** Which credit notes there are, and what is on them. */
export class CreditNotesQuery {
  constructor(
    private readonly database: ReadDatabase,
    private readonly store: Pick<EventStore, 'eventAt'>,
  ) {}

  async get(creditNoteId: string): Promise<CreditNote | null> {
    const row = firstOf(this.database, CREDIT_NOTES, { creditNoteId });
    return row ? present(row) : null;
  }

  /** Those with this number: logs of before may hold several (K14). Where there is none, the one with this id. */
  async named(numberOrId: string): Promise<readonly CreditNote[]> {
    const numbered = allOf(this.database, CREDIT_NOTES, { number: numberOrId }, ['creditNoteId']);
    const rows =
      numbered.length > 0
        ? numbered
        : allOf(this.database, CREDIT_NOTES, { creditNoteId: numberOrId }, ['creditNoteId']);
    return rows.map(present);
  }

  /** In the order in which they were asked for. */
  async list(filter: CreditNoteFilter = {}, page: PageRequest = {}): Promise<Page<CreditNote>> {
    const { clientId, recipientId, period, invoiceId, status } = filter;
    return listedByLog(
      this.database,
      this.store,
      CREDIT_NOTE_LIST,
      { clientId, recipientId, period, invoiceId, status },
      page,
    );
  }

  async lines(creditNoteId: string, page: PageRequest = {}): Promise<Page<NumberedCredit>> {
    const { items, nextCursor } = listed(this.database, LINE_LIST, { creditNoteId }, page);
    const taxTotals = (await this.get(creditNoteId))?.taxTotals ?? [];
    return {
      items: items.map((one) => {
        const of = 'line' in one ? one.line : one.charge;
        const isOwed = one.outcome === 'corrected';
        return { ...one, creditOf: isOwed ? creditShown(of, taxTotals, this.database) : null };
      }),
      nextCursor,
    };
  }

  /** What was taken back of some lines of an invoice, by item id: of work, or of charges; in the order of the credit notes. */
  creditsOf(
    invoiceId: string,
    itemIds: readonly string[],
    of: 'work' | 'charges',
  ): ReadonlyMap<string, readonly CreditOfItem[]> {
    const credits = new Map<string, CreditOfItem[]>();
    const rows = this.database
      .rows(
        LINES_OF_CREDIT_NOTES,
        `AS line WHERE invoice_id = ? AND item_id IN (SELECT value FROM json_each(?)) AND is_charge = ? AND outcome <> 'corrected'
           AND EXISTS (SELECT 1 FROM credit_notes note WHERE note.credit_note_id = line.credit_note_id AND status = 'issued')
         ORDER BY (SELECT requested_position FROM credit_notes note WHERE note.credit_note_id = line.credit_note_id), line_number`,
      )
      .all(invoiceId, JSON.stringify(itemIds), of === 'charges' ? 1n : 0n);
    for (const row of rows) {
      const known = credits.get(row.itemId);
      if (known === undefined) credits.set(row.itemId, [creditOf(row)]);
      else known.push(creditOf(row));
    }
    return credits;
  }
}

function creditOf({ creditNoteId, outcome, netMinor, currency, isWhole }: CreditNoteLineRow): CreditOfItem {
  return { creditNoteId, outcome, net: moneyOf(netMinor, currency), isWhole };
}

function present({
  facts,
  recipientId,
  status,
  number,
  numberInSeries,
  lineCount,
  issuedAt,
}: CreditNoteRow): CreditNote {
  return { ...facts, recipientId, ...byName(facts.taxTotals), status, number, numberInSeries, lineCount, issuedAt };
}

/** What was given back of an invoice. */
export function creditedTotals(
  { creditedNetMinor: net, creditedTaxMinor: tax }: Pick<InvoiceRow, 'creditedNetMinor' | 'creditedTaxMinor'>,
  currency: Currency,
): { readonly net: MoneyJson; readonly tax: MoneyJson; readonly total: MoneyJson } | null {
  if (net === 0n && tax === 0n) return null;
  return { net: moneyOf(net, currency), tax: moneyOf(tax, currency), total: moneyOf(net + tax, currency) };
}
