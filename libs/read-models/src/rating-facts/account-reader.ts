import type { Month, MoneyJson } from '@billtrail/kernel';
import {
  usedUnderTicketCaps,
  type CapUsed,
  type ContractFacts,
  type Draw,
  type FrozenCharge,
  type FrozenLine,
  type InvoiceLine,
  type InvoicedCharge,
  type TicketFacts,
  type WrittenOff,
} from '@billtrail/billing';
import type { ReadDatabase } from '../database/read-database.js';
import { fromJson } from '../database/row-unreadable.js';

interface HeldRow {
  readonly invoiceId: string;
  readonly frozen: number;
  readonly id: string;
  /** The line or the charge, as JSON. */
  readonly held: string;
  readonly credited: string | null;
  readonly creditNoteId: string | null;
}

interface WriteOffRow {
  readonly facts: string;
  readonly beforeMerge: number;
}

/** What credit notes took back of what a document holds. */
export function creditOn({ credited, creditNoteId }: Pick<HeldRow, 'credited' | 'creditNoteId'>) {
  return {
    ...(credited === null ? {} : { credited: fromJson(credited) as MoneyJson }),
    ...(creditNoteId === null ? {} : { creditNoteId }),
  };
}

/** What the account of a client-period holds. */
export interface Account {
  readonly invoiced: readonly FrozenLine[];
  readonly invoicedCharges: readonly InvoicedCharge[];
  /** Items and charges on drafts: id -> invoice id. */
  readonly claimed: ReadonlyMap<string, string>;
  /** The lines of those drafts. */
  readonly drafted: readonly FrozenLine[];
  readonly writtenOff: readonly WrittenOff[];
  readonly creditedWork: ReadonlySet<string>;
}

/** What accounts hold of documents and write-offs, for the period itself and for those before it. */
export class AccountReader {
  private readonly lines;
  private readonly charges;
  private readonly writeOffs;
  private readonly creditedWork;
  private readonly laterDrawsOfClient;
  private readonly laterLinesOfTicket;

  constructor(database: ReadDatabase) {
    const heldBy = (table: string, id: string, held: string) =>
      database.statement<[string, string], HeldRow>(
        `SELECT invoice_id AS invoiceId, frozen, ${id} AS id, ${held} AS held, credited, credit_note_id AS creditNoteId
         FROM account_documents JOIN ${table} USING (invoice_id)
         WHERE client_id = ? AND period = ? ORDER BY ${table}.position, part`,
      );
    this.lines = heldBy('account_lines', 'item_id', 'line');
    this.charges = heldBy('account_charges', 'charge_item_id', 'charge');
    this.writeOffs = database.statement<[string, string], WriteOffRow>(
      `SELECT facts, EXISTS (
         SELECT 1 FROM merged_tickets one
         WHERE one.position > w.position
           AND one.root = ifnull((SELECT own.root FROM merged_tickets own WHERE own.ticket_id = w.ticket_id), w.ticket_id)
       ) AS beforeMerge
       FROM write_offs w WHERE client_id = ? AND period = ? ORDER BY position, part`,
    );
    this.creditedWork = database
      .statement<[string, string], string>(
        'SELECT work_item_id FROM credited_work WHERE client_id = ? AND period = ? ORDER BY work_item_id',
      )
      .pluck();
    this.laterDrawsOfClient = database.statement<
      [{ client: string; period: string }],
      { draw: string; item_id: string | null }
    >(
      `SELECT draw, item_id, account_lines.position, part FROM account_documents JOIN account_lines USING (invoice_id)
       WHERE client_id = :client AND period > :period AND frozen = 1 AND draw IS NOT NULL
       UNION ALL
       SELECT draw, json_extract(facts, '$.itemId'), position, part FROM write_offs
       WHERE client_id = :client AND period > :period AND draw IS NOT NULL
       ORDER BY 3, 4`,
    );
    this.laterLinesOfTicket = database
      .statement<[{ ticket: string; client: string; period: string }], string>(
        `SELECT line, account_lines.position, part FROM account_lines JOIN account_documents USING (invoice_id)
         WHERE ticket_id = :ticket AND client_id = :client AND period > :period AND frozen = 1
         UNION ALL
         SELECT facts, position, part FROM write_offs
         WHERE ticket_id = :ticket AND client_id = :client AND period > :period
           AND json_extract(facts, '$.creditNoteId') IS NOT NULL
         ORDER BY 2, 3`,
      )
      .pluck();
  }

  of(clientId: string, period: Month): Account {
    const invoiced: FrozenLine[] = [];
    const invoicedCharges: InvoicedCharge[] = [];
    const claimed = new Map<string, string>();
    const drafted: FrozenLine[] = [];
    for (const row of this.lines.all(clientId, period)) {
      const { frozen, held, id, invoiceId } = row;
      const line = fromJson(held) as InvoiceLine;
      if (frozen === 1) invoiced.push({ line, invoiceId, ...creditOn(row) });
      else {
        claimed.set(id, invoiceId);
        drafted.push({ line, invoiceId });
      }
    }
    for (const row of this.charges.all(clientId, period)) {
      const { frozen, held, id, invoiceId } = row;
      if (frozen === 0) claimed.set(id, invoiceId);
      else invoicedCharges.push({ charge: fromJson(held) as FrozenCharge, invoiceId, ...creditOn(row) });
    }
    const writtenOff = this.writeOffs.all(clientId, period).map(({ facts, beforeMerge }): WrittenOff => {
      const item = fromJson(facts) as WrittenOff;
      return beforeMerge === 0 ? item : { ...item, beforeMerge: true };
    });
    const creditedWork = new Set(this.creditedWork.all(clientId, period));
    return { invoiced, invoicedCharges, claimed, drafted, writtenOff, creditedWork };
  }

  /** The frozen draws of the client's later periods. */
  laterDraws(clientId: string, period: Month): readonly Draw[] {
    return this.laterDrawsOfClient.all({ client: clientId, period }).map(({ draw, item_id: itemId }) => {
      const drawn = fromJson(draw) as Draw;
      return { ...drawn, itemId: itemId ?? drawn.itemId, frozen: true };
    });
  }

  /** What the client's later periods froze under the caps on tickets. Only the tickets of the period matter to it. */
  laterCaps(
    clientId: string,
    period: Month,
    contracts: readonly ContractFacts[],
    tickets: ReadonlyMap<string, TicketFacts>,
  ): readonly CapUsed[] {
    const hasTicketCaps = contracts.some(({ versions }) =>
      versions.some(({ terms }) => terms.caps?.some((cap) => cap.scope === 'ticket') === true),
    );
    if (!hasTicketCaps) return [];
    const lines = [...tickets.keys()].flatMap((ticketId) =>
      this.laterLinesOfTicket
        .all({ ticket: ticketId, client: clientId, period })
        .map((line) => fromJson(line) as InvoiceLine),
    );
    return lines.length === 0 ? [] : usedUnderTicketCaps(lines, contracts, tickets);
  }
}
