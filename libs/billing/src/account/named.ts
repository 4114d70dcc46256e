import { type Refusal, refuse } from '@billtrail/kernel';
import type { DraftInvoice } from './commands.js';
import { refuseHeldItem } from './held.js';
import { isPrepaid } from './lines.js';
import type { AccountState, Invoice } from './state.js';

/** The command with what it names of its items and charges; with all of them where it names nothing. */
export function onlyNamed<Command extends DraftInvoice>(command: Command): Command {
  const { named, items, charges = [] } = command;
  if (named === undefined) return command;
  const tickets = new Set(named.tickets);
  const chargeItemIds = new Set(named.charges);
  return {
    ...command,
    items: items.filter(({ ticketId }) => tickets.has(ticketId)),
    charges: charges.filter(({ chargeItemId }) => chargeItemIds.has(chargeItemId)),
  };
}

/** A ticket or a charge that was named and has nothing for the draft: a slip of the pen, or something else became of it. null: each has something. */
export function refuseNamed({ named, items, charges = [] }: DraftInvoice, state: AccountState): Refusal | null {
  if (named === undefined) return null;
  const offered = items.filter((item) => !isPrepaid(item) || refuseHeldItem(item.itemId, state) === null);
  const tickets = missing(named.tickets, new Set(offered.map(({ ticketId }) => ticketId)));
  const chargeItemIds = missing(named.charges, new Set(charges.map(({ chargeItemId }) => chargeItemId)));
  if (tickets.length === 0 && chargeItemIds.length === 0) return null;
  const billed = [
    ...tickets.map((id) => ({
      name: `ticket ${id}`,
      on: documentsWith(state, (invoice) => holdsTicket(state, invoice, id)),
    })),
    ...chargeItemIds.map((id) => ({
      name: `charge ${id}`,
      on: documentsWith(state, (invoice) => holdsCharge(state, invoice, id)),
    })),
  ];
  const names = billed.map(({ name, on }) => (on.length === 0 ? name : `${name} (on ${on.map(nameOf).join(' and ')})`));
  return refuse(
    'NothingToDraft',
    `Nothing can be drafted for ${inShort(names)}.`,
    'Correct the id or leave it out; check the billable items and charges of the period.',
    {
      tickets,
      charges: chargeItemIds,
      invoiceIds: [...new Set(billed.flatMap(({ on }) => on.map(({ invoiceId }) => invoiceId)))],
    },
  );
}

function documentsWith({ invoices }: AccountState, holds: (invoice: Invoice) => boolean): readonly Invoice[] {
  return [...invoices.values()].filter((invoice) => invoice.status !== 'discarded' && holds(invoice));
}

function holdsTicket({ claimed, invoiced }: AccountState, { invoiceId, lines }: Invoice, ticketId: string): boolean {
  return lines.some(
    (line) => line.ticketId === ticketId && [claimed.get(line.itemId), invoiced.get(line.itemId)].includes(invoiceId),
  );
}

function holdsCharge({ claimedCharges, invoicedCharges }: AccountState, { invoiceId }: Invoice, id: string): boolean {
  return [claimedCharges.get(id), invoicedCharges.get(id)].includes(invoiceId);
}

/** `INV-000001`, or `draft inv-7` until it has a number. */
function nameOf(invoice: Invoice): string {
  return invoice.status === 'issued' ? invoice.number : `draft ${invoice.invoiceId}`;
}

function missing(named: readonly string[], found: ReadonlySet<string>): readonly string[] {
  return named.filter((id) => !found.has(id));
}

/** Names that a message lists; the details have all. */
const SHOWN = 5;

export function inShort(names: readonly string[]): string {
  const more = names.length - SHOWN;
  return more > 0 ? `${names.slice(0, SHOWN).join(', ')} and ${more} more` : names.join(', ');
}
