import type { Month } from '@billtrail/kernel';
import {
  usedUnderTicketCaps,
  type CapUsed,
  type ContractFacts,
  type Draw,
  type FrozenCharge,
  type FrozenLine,
  type InvoiceLine,
  type TicketFacts,
  type WrittenOff,
} from '@billtrail/billing';
import type { ReadDatabase } from '../database/read-database.js';

interface LineRow {
  invoice_id: string;
  frozen: number;
  item_id: string;
  line: string;
}
interface ChargeRow {
  invoice_id: string;
  frozen: number;
  charge_item_id: string;
  charge: string;
}

/** What the account of a client-period holds. */
export interface Account {
  readonly invoiced: readonly FrozenLine[];
  readonly invoicedCharges: readonly { readonly charge: FrozenCharge; readonly invoiceId: string }[];
  /** Items and charges on drafts: id -> invoice id. */
  readonly claimed: ReadonlyMap<string, string>;
  /** The lines of those drafts. */
  readonly drafted: readonly FrozenLine[];
  readonly writtenOff: readonly WrittenOff[];
}

/** What accounts hold of documents and write-offs, for the period itself and for those before it. */
export class AccountReader {
  private readonly lines;
  private readonly charges;
  private readonly writeOffs;
  private readonly laterDrawsOfClient;
  private readonly laterLinesOfTicket;

  constructor(database: ReadDatabase) {
    this.lines = database.statement<[string, string], LineRow>(
      `SELECT invoice_id, frozen, item_id, line FROM account_documents JOIN account_lines USING (invoice_id)
       WHERE client_id = ? AND period = ? ORDER BY account_lines.position, part`,
    );
    this.charges = database.statement<[string, string], ChargeRow>(
      `SELECT invoice_id, frozen, charge_item_id, charge FROM account_documents JOIN account_charges USING (invoice_id)
       WHERE client_id = ? AND period = ? ORDER BY account_charges.position, part`,
    );
    this.writeOffs = database
      .statement<[string, string], string>(
        'SELECT facts FROM write_offs WHERE client_id = ? AND period = ? ORDER BY position',
      )
      .pluck();
    this.laterDrawsOfClient = database.statement<
      [{ client: string; period: string }],
      { draw: string; item_id: string | null }
    >(
      `SELECT draw, item_id, account_lines.position, part FROM account_documents JOIN account_lines USING (invoice_id)
       WHERE client_id = :client AND period > :period AND frozen = 1 AND draw IS NOT NULL
       UNION ALL
       SELECT draw, json_extract(facts, '$.itemId'), position, 0 FROM write_offs
       WHERE client_id = :client AND period > :period AND draw IS NOT NULL
       ORDER BY 3, 4`,
    );
    this.laterLinesOfTicket = database
      .statement<[string, string, string], string>(
        `SELECT line FROM account_lines JOIN account_documents USING (invoice_id)
         WHERE ticket_id = ? AND client_id = ? AND period > ? AND frozen = 1 ORDER BY account_lines.position, part`,
      )
      .pluck();
  }

  of(clientId: string, period: Month): Account {
    const invoiced: FrozenLine[] = [];
    const invoicedCharges: { charge: FrozenCharge; invoiceId: string }[] = [];
    const claimed = new Map<string, string>();
    const drafted: FrozenLine[] = [];
    for (const { frozen, line, item_id: itemId, invoice_id: invoiceId } of this.lines.all(clientId, period)) {
      if (frozen === 1) invoiced.push({ line: JSON.parse(line) as InvoiceLine, invoiceId });
      else {
        claimed.set(itemId, invoiceId);
        drafted.push({ line: JSON.parse(line) as InvoiceLine, invoiceId });
      }
    }
    for (const row of this.charges.all(clientId, period)) {
      const { frozen, charge, charge_item_id: chargeItemId, invoice_id: invoiceId } = row;
      if (frozen === 1) invoicedCharges.push({ charge: JSON.parse(charge) as FrozenCharge, invoiceId });
      else claimed.set(chargeItemId, invoiceId);
    }
    const writtenOff = this.writeOffs.all(clientId, period).map((facts) => JSON.parse(facts) as WrittenOff);
    return { invoiced, invoicedCharges, claimed, drafted, writtenOff };
  }

  /** The frozen draws of the client's later periods. */
  laterDraws(clientId: string, period: Month): readonly Draw[] {
    return this.laterDrawsOfClient.all({ client: clientId, period }).map(({ draw, item_id: itemId }) => {
      const drawn = JSON.parse(draw) as Draw;
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
      this.laterLinesOfTicket.all(ticketId, clientId, period).map((line) => JSON.parse(line) as InvoiceLine),
    );
    return lines.length === 0 ? [] : usedUnderTicketCaps(lines, contracts, tickets);
  }
}
