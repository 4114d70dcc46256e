import type { Month, MoneyJson } from '@billtrail/kernel';
import { documentsTold, type CreditOutcome, type Explained } from '@billtrail/billing';
import { moneyOf } from '../database/money-columns.js';
import type { ReadDatabase } from '../database/read-database.js';

/** A document that has an item or a charge, as it is or as it was. */
export interface DocumentOfItem {
  readonly documentId: string;
  /** null: it has none yet. */
  readonly number: string | null;
  /** What of it the document has, in its own sign. */
  readonly net: MoneyJson;
  /** Of a credit note: what becomes of it. null: an invoice or a draft. */
  readonly outcome: CreditOutcome | null;
}

/** Invoices and credit notes together, as what they have in common. */
export class DocumentsQuery {
  constructor(private readonly database: ReadDatabase) {}

  /** Numbers of those documents that an item's story names, by their ids: as many as have one. */
  async numbersTold(item: Explained): Promise<ReadonlyMap<string, string>> {
    const rows = this.database
      .query<[{ ids: string }], { id: string; number: string }>(
        `SELECT invoice_id AS id, number FROM invoices
         WHERE invoice_id IN (SELECT value FROM json_each(:ids)) AND number IS NOT NULL
         UNION ALL SELECT credit_note_id, number FROM credit_notes
         WHERE credit_note_id IN (SELECT value FROM json_each(:ids)) AND number IS NOT NULL`,
      )
      .all({ ids: JSON.stringify(documentsTold(item)) });
    return new Map(rows.map(({ id, number }) => [id, number]));
  }

  /** All that have or had an item of work or a charge, in the order in which they were made; without discarded drafts. As many as there are. */
  async of(
    itemId: string,
    kind: 'work' | 'charge',
    { clientId, period }: { readonly clientId: string; readonly period: Month },
  ): Promise<readonly DocumentOfItem[]> {
    const [lines, id] = kind === 'work' ? ['invoice_lines', 'item_id'] : ['invoice_charges', 'charge_item_id'];
    const rows = this.database
      .query<
        [object],
        { documentId: string; number: string | null; net: bigint; currency: string; outcome: CreditOutcome | null }
      >(
        `SELECT d.invoice_id AS documentId, d.number, l.net_minor AS net, l.currency, NULL AS outcome, d.drafted_position AS position
         FROM invoices d JOIN ${lines} l USING (invoice_id)
         WHERE d.client_id = :clientId AND d.period = :period AND l.${id} = :itemId AND d.status <> 'discarded'
         UNION ALL
         SELECT d.credit_note_id, d.number, l.net_minor, l.currency, l.outcome, d.requested_position
         FROM credit_notes d JOIN credit_note_lines l USING (credit_note_id)
         WHERE d.client_id = :clientId AND d.period = :period AND l.item_id = :itemId AND l.is_charge = :isCharge
         ORDER BY position`,
      )
      .all({ clientId, period, itemId, isCharge: kind === 'charge' ? 1n : 0n });
    return rows.map(({ net, currency, documentId, number, outcome }) => {
      return { documentId, number, net: moneyOf(net, currency), outcome };
    });
  }
}
