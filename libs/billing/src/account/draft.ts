import { type Decision, type Issued, type Refusal, isRefusal, refuse } from '@billtrail/kernel';
import type { InvoiceLine } from '../item/frozen-item.js';
import type { AccountEvent, InvoiceLinesAdded } from '../events.js';
import { isReadyToBill } from '../item/billable-item.js';
import type { FrozenCharge } from '../item/charge-item.js';
import { frozenChargeOf } from './charges.js';
import type { DraftInvoice } from './commands.js';
import { MAX_LINES_PER_INVOICE, chunksOf, isPrepaid, lineOf } from './lines.js';
import type { AccountState, Invoice } from './state.js';

/** Why an item can't be claimed or written off: somebody holds it already. null: it is free. */
export function refuseHeldItem(itemId: string, { invoiced, claimed }: AccountState): Refusal | null {
  return refuseHeld(itemId, invoiced, claimed);
}

/** The same for a charge. */
export function refuseHeldCharge(
  chargeItemId: string,
  { invoicedCharges, claimedCharges }: AccountState,
): Refusal | null {
  return refuseHeld(chargeItemId, invoicedCharges, claimedCharges);
}

function refuseHeld(
  itemId: string,
  invoiced: AccountState['invoiced'],
  claimed: AccountState['claimed'],
): Refusal | null {
  const invoicedOn = invoiced.get(itemId);
  if (invoicedOn !== undefined) {
    return refuse(
      'ItemAlreadyInvoiced',
      `Item ${itemId} is on invoice ${invoicedOn}.`,
      'Correct it with a credit note.',
      {
        itemId,
        invoiceId: invoicedOn,
      },
    );
  }
  const claimedBy = claimed.get(itemId);
  if (claimedBy === undefined) return null;
  return refuse(
    'ItemAlreadyClaimed',
    `Item ${itemId} is on draft ${claimedBy}.`,
    'Issue that draft or discard it first.',
    {
      itemId,
      invoiceId: claimedBy,
    },
  );
}

export function draftInvoice(command: DraftInvoice & Issued, state: AccountState): Decision<AccountEvent> {
  const { invoiceId, clientId, period, items, charges = [] } = command;
  const existing = state.invoices.get(invoiceId);
  if (existing !== undefined) return isRepeat(existing, command) ? [] : idTaken(invoiceId, existing);
  if (items.every(isPrepaid) && charges.length === 0) {
    return refuse(
      'NothingToBill',
      `Client ${clientId} has nothing to bill in ${period}.`,
      'See the billable items and gaps of the period: time may await approval.',
      { clientId, period },
    );
  }
  const lines = linesOf(command, state);
  if (isRefusal(lines)) return lines;
  const frozen = frozenCharges(command, state);
  return isRefusal(frozen) ? frozen : draftLines(command, lines, frozen);
}

function linesOf({ clientId, period, items }: DraftInvoice, state: AccountState): readonly InvoiceLine[] | Refusal {
  const lines: InvoiceLine[] = [];
  const taken = new Set<string>();
  for (const item of items) {
    const line = lineOf(item);
    const isOnOffer = item.disposition === 'billable' || item.disposition === 'claimed' || isPrepaid(item);
    const isOfAccount = item.clientId === clientId && item.period === period;
    if (line === null || !isOnOffer || !isReadyToBill(item) || !isOfAccount || taken.has(item.itemId)) {
      return refuse(
        'ItemNotDraftable',
        `Item ${item.itemId} can't go on this draft: it must be billable, priced, approved, of ${clientId} in ${period}, and named once.`,
        'Leave it out, or see to its price or approval first.',
        {
          itemId: item.itemId,
          disposition: item.disposition,
          approval: item.approval,
          clientId: item.clientId,
          period: item.period,
        },
      );
    }
    taken.add(item.itemId);
    const held = refuseHeldItem(item.itemId, state) ?? refuseWrittenOff(item.itemId, state);
    if (held === null) lines.push(line);
    else if (!isPrepaid(item)) return held;
  }
  return lines;
}

function frozenCharges(
  { clientId, period, charges = [] }: DraftInvoice,
  state: AccountState,
): readonly FrozenCharge[] | Refusal {
  const taken = new Set<string>();
  for (const charge of charges) {
    const { chargeItemId, disposition } = charge;
    const isOfAccount = charge.clientId === clientId && charge.period === period;
    if (disposition === 'invoiced' || !isOfAccount || taken.has(chargeItemId)) {
      return refuse(
        'ItemNotDraftable',
        `Charge ${chargeItemId} can't go on this draft: it must be billable, of ${clientId} in ${period}, and named once.`,
        'Leave it out.',
        { itemId: chargeItemId, disposition, clientId: charge.clientId, period: charge.period },
      );
    }
    taken.add(chargeItemId);
    const held = refuseHeldCharge(chargeItemId, state);
    if (held) return held;
  }
  return charges.map(frozenChargeOf);
}

function draftLines(
  command: DraftInvoice & Issued,
  lines: readonly InvoiceLine[],
  charges: readonly FrozenCharge[],
): Decision<AccountEvent> {
  const { invoiceId, clientId, period } = command;
  const currencies = [...new Set([...lines, ...charges].map(({ net }) => net.currency))].sort();
  const [currency] = currencies;
  if (currency === undefined || currencies.length > 1) {
    return refuse(
      'MixedCurrency',
      `The items are in ${currencies.join(' and ')}; an invoice has one currency.`,
      'Draft one invoice for each currency.',
      { currencies },
    );
  }
  const lineCount = lines.length + charges.length;
  if (lineCount > MAX_LINES_PER_INVOICE) {
    return refuse(
      'TooManyLines',
      `The draft would have ${lineCount} lines; at most ${MAX_LINES_PER_INVOICE} are allowed.`,
      'Draft several invoices, each from a part of the items.',
      { lines: lineCount, limit: MAX_LINES_PER_INVOICE },
    );
  }
  const occurredAt = command.occurredAt ?? command.at;
  const added = (data: Omit<InvoiceLinesAdded['data'], 'invoiceId'>): InvoiceLinesAdded => ({
    type: 'InvoiceLinesAdded',
    data: { invoiceId, ...data },
    occurredAt,
  });
  return [
    { type: 'InvoiceDrafted', data: { invoiceId, clientId, period, currency }, occurredAt },
    ...chunksOf(lines).map((chunk) => added({ lines: chunk })),
    ...chunksOf(charges).map((chunk) => added({ lines: [], charges: chunk })),
  ];
}

/** The same draft asked for again: the same items and charges, whatever became of it since, unless it was given up. */
function isRepeat(existing: Invoice, { items, charges = [] }: DraftInvoice): boolean {
  if (existing.status === 'discarded') return false;
  const held = new Set([
    ...existing.lines.map((line) => line.itemId),
    ...existing.charges.map((charge) => charge.chargeItemId),
  ]);
  const asked = new Set([...items.map((item) => item.itemId), ...charges.map((charge) => charge.chargeItemId)]);
  const leftOut = items.filter((item) => isPrepaid(item) && !held.has(item.itemId)).length;
  return asked.size - leftOut === held.size && [...held].every((id) => asked.has(id));
}

function idTaken(invoiceId: string, existing: Invoice): Refusal {
  return refuse('InvoiceIdTaken', `Invoice ${invoiceId} exists, with other items.`, 'Draft under another id.', {
    invoiceId,
    status: existing.status,
  });
}

function refuseWrittenOff(itemId: string, state: AccountState): Refusal | null {
  if (!state.writtenOff.has(itemId)) return null;
  return refuse('ItemWrittenOff', `Item ${itemId} was written off.`, 'Leave it out of the draft.', { itemId });
}
