import { Money, type Refusal, refuse } from '@billtrail/kernel';
import { amountOf } from '@billtrail/contracts';
import { namesOf } from '../item/billable-item.js';
import type { DraftInvoice } from './commands.js';
import { refuseHeldItem } from './held.js';
import { isOn, isPrepaid } from './lines.js';
import { type Receivable, recipientOf, siteOf } from './recipients.js';
import type { AccountState, Invoice } from './state.js';
import { type WhyNot, whyNotCharge, whyNotTicket } from './why-not.js';

/** The command with what it names of its items and charges; with all of them where it names nothing. */
export function onlyNamed<Command extends DraftInvoice>(asked: Command): Command {
  const command = onlyOfSite(onlyOfRecipient(onlyOfContract(asked)));
  const { named, items, charges = [] } = command;
  if (named === undefined) return command;
  const tickets = new Set(named.tickets);
  const chargeItemIds = new Set(named.charges);
  return {
    ...command,
    items: items.filter((item) => namesOf(item).some((id) => tickets.has(id))),
    charges: charges.filter(
      ({ chargeItemId, kind, ticketId }) =>
        chargeItemIds.has(chargeItemId) || (kind === 'incident' && ticketId !== null && tickets.has(ticketId)),
    ),
  };
}

function onlyOfContract<Command extends DraftInvoice>(command: Command): Command {
  const { contractId, items, charges = [] } = command;
  if (contractId === undefined) return command;
  return {
    ...command,
    items: items.filter((item) => item.contractId === contractId),
    charges: charges.filter((charge) => charge.contractId === contractId),
  };
}

/** With those that this very draft has, wherever they would go now. */
function onlyOfRecipient<Command extends DraftInvoice>(command: Command): Command {
  const { recipientId, receiving } = command;
  if (recipientId === undefined) return command;
  return onlyThose(command, (one) =>
    receiving === undefined ? recipientId === command.clientId : recipientOf(one, receiving) === recipientId,
  );
}

function onlyOfSite<Command extends DraftInvoice>(command: Command): Command {
  const { siteId, receiving } = command;
  if (siteId === undefined) return command;
  return onlyThose(command, (one) => (receiving === undefined ? null : siteOf(one, receiving)) === siteId);
}

function onlyThose<Command extends DraftInvoice>(command: Command, are: (one: Receivable) => boolean): Command {
  const { invoiceId, items, charges = [] } = command;
  return {
    ...command,
    items: items.filter((item) => isOn(item, invoiceId) || are(item)),
    charges: charges.filter((charge) => isOn(charge, invoiceId) || are(charge)),
  };
}

/** A ticket or a charge that was named and has nothing for the draft: a slip of the pen, or something else became of it. null: each has something. */
export function refuseNamed(command: DraftInvoice, state: AccountState): Refusal | null {
  const { tickets, charges: chargeItemIds } = missingOf(command, state);
  if (tickets.length === 0 && chargeItemIds.length === 0) return null;
  const lacking = [
    ...tickets.map((id) => ({
      id,
      name: `ticket ${id}`,
      on: documentsWith(state, (invoice) => holdsTicket(state, invoice, id)),
      why: whyNotTicket(id, command),
    })),
    ...chargeItemIds.map((id) => ({
      id,
      name: `charge ${id}`,
      on: documentsWith(state, (invoice) => holdsCharge(state, invoice, id)),
      why: whyNotCharge(id, command),
    })),
  ];
  return refuse(
    'NothingToDraft',
    `Nothing can be drafted for ${inShort(lacking.map(({ name, on, why }) => withReason(name, on, why)))}.`,
    'Correct the id or leave it out; check the billable items and charges of the period.',
    {
      tickets,
      charges: chargeItemIds,
      invoiceIds: [...new Set(lacking.flatMap(({ on }) => on.map(({ invoiceId }) => invoiceId)))],
      reasons: lacking.flatMap(({ id, on, why }) => (why === null || on.length > 0 ? [] : [{ id, ...why }])),
    },
  );
}

/** The tickets and charges that were named and have nothing for the draft. */
export function missingOf(
  { named, items, charges = [] }: DraftInvoice,
  state: AccountState,
): NonNullable<DraftInvoice['named']> {
  if (named === undefined) return { tickets: [], charges: [] };
  const offered = items.filter((item) => !isPrepaid(item) || refuseHeldItem(item.itemId, state) === null);
  const priced = charges.flatMap(({ kind, ticketId }) => (kind === 'incident' && ticketId !== null ? [ticketId] : []));
  return {
    tickets: missing(named.tickets, new Set([...offered.flatMap(namesOf), ...priced])),
    charges: missing(named.charges, new Set(charges.map(({ chargeItemId }) => chargeItemId))),
  };
}

function withReason(name: string, on: readonly Invoice[], why: WhyNot | null): string {
  const reason = on.length === 0 ? why?.text : `on ${on.map(nameOf).join(' and ')}`;
  return reason === undefined ? name : `${name} (${reason})`;
}

/**
 * Named tickets of which all that is left is prepaid; null: something has a price, or gives back what work drew: by its name a document of 0.00 may say
 * so, for the money of a withdrawn block follows that.
 */
export function refuseFree(command: DraftInvoice, state: AccountState): Refusal | null {
  const { named, clientId, period, items, charges = [] } = command;
  const isNamedToGiveBack = named !== undefined && items.some(givesBack);
  if (isNamedToGiveBack || !items.every(isPrepaid) || charges.some(({ net }) => !Money.from(net).isZero())) return null;
  if (named === undefined || items.length === 0) {
    const open = documentsWith(state, ({ status }) => status === 'draft' || status === 'approved');
    const waiting = open.map(({ invoiceId }) => invoiceId);
    const [first] = waiting;
    return refuse(
      'NothingToBill',
      `Client ${clientId} has nothing to bill in ${period}${limitsInWords(command)}.`,
      first === undefined
        ? 'Check the billable items and gaps of the period: work may await approval.'
        : `What is on draft ${waiting.join(' and ')} waits there: issue it, or discard it to draft anew: POST /v1/invoices/${first}/discard. Else check the billable items and gaps of the period: work may await approval.`,
      { clientId, period, invoiceIds: waiting },
    );
  }
  const tickets = named.tickets.map((id) => `ticket ${id}`);
  return refuse(
    'NothingToBill',
    `What was named costs nothing: the work of ${inShort(tickets)} is prepaid.`,
    'Name something of the period that has a price beside it: the prepaid work goes on that document.',
    { clientId, period, tickets: named.tickets },
  );
}

/** What a draft was limited to, besides names. */
function limitsInWords({ contractId, recipientId, siteId }: DraftInvoice): string {
  return [
    ...(contractId === undefined ? [] : [` under contract ${contractId}`]),
    ...(siteId === undefined ? [] : [siteId === null ? ' for no site' : ` for site ${siteId}`]),
    ...(recipientId === undefined ? [] : [` that goes to client ${recipientId}`]),
  ].join('');
}

function givesBack({ draw }: DraftInvoice['items'][number]): boolean {
  return draw !== undefined && amountOf(draw.amount).isNegative();
}

function documentsWith({ invoices }: AccountState, holds: (invoice: Invoice) => boolean): readonly Invoice[] {
  return [...invoices.values()].filter((invoice) => invoice.status !== 'discarded' && holds(invoice));
}

function holdsTicket({ claimed, invoiced }: AccountState, { invoiceId, lines }: Invoice, ticketId: string): boolean {
  return lines.some(
    (line) =>
      namesOf(line).includes(ticketId) && [claimed.get(line.itemId), invoiced.get(line.itemId)].includes(invoiceId),
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
