import { type Decision, type Issued, type Refusal, refuse } from '@billtrail/kernel';
import type { AccountEvent, InvoiceLine } from '../events.js';
import type { DraftInvoice } from './commands.js';
import { MAX_LINES_PER_INVOICE, chunksOf, isReadyToBill, lineOf } from './lines.js';
import type { AccountState, Invoice } from './state.js';

/** Why an item can't be claimed or written off: somebody holds it already. null: it is free. */
export function refuseHeldItem(itemId: string, state: AccountState): Refusal | null {
  const invoicedOn = state.invoiced.get(itemId);
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
  const claimedBy = state.claimed.get(itemId);
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
  const { invoiceId, clientId, period, items } = command;
  const existing = state.invoices.get(invoiceId);
  if (existing !== undefined) return isRepeat(existing, command) ? [] : idTaken(invoiceId, existing);
  if (items.length === 0) {
    return refuse(
      'NothingToBill',
      `Client ${clientId} has nothing to bill in ${period}.`,
      'See the billable items and gaps of the period: time may await approval.',
      { clientId, period },
    );
  }
  const lines: InvoiceLine[] = [];
  const taken = new Set<string>();
  for (const item of items) {
    const line = lineOf(item);
    const hasRightKind = item.disposition === 'billable' || item.disposition === 'claimed';
    const isOfAccount = item.clientId === clientId && item.period === period;
    if (line === null || !hasRightKind || !isReadyToBill(item) || !isOfAccount || taken.has(item.itemId)) {
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
    const held = refuseHeldItem(item.itemId, state) ?? refuseWrittenOff(item.itemId, state);
    if (held) return held;
    taken.add(item.itemId);
    lines.push(line);
  }
  return draftLines(command, lines);
}

function draftLines(command: DraftInvoice & Issued, lines: readonly InvoiceLine[]): Decision<AccountEvent> {
  const { invoiceId, clientId, period } = command;
  const currencies = [...new Set(lines.map((line) => line.net.currency))].sort();
  const [currency] = currencies;
  if (currency === undefined || currencies.length > 1) {
    return refuse(
      'MixedCurrency',
      `The items are in ${currencies.join(' and ')}; an invoice has one currency.`,
      'Draft one invoice for each currency.',
      { currencies },
    );
  }
  if (lines.length > MAX_LINES_PER_INVOICE) {
    return refuse(
      'TooManyLines',
      `The draft would have ${lines.length} lines; at most ${MAX_LINES_PER_INVOICE} are allowed.`,
      'Draft several invoices, each from a part of the items.',
      { lines: lines.length, limit: MAX_LINES_PER_INVOICE },
    );
  }
  const occurredAt = command.occurredAt ?? command.at;
  return [
    { type: 'InvoiceDrafted', data: { invoiceId, clientId, period, currency }, occurredAt },
    ...chunksOf(lines).map((chunk) => ({
      type: 'InvoiceLinesAdded' as const,
      data: { invoiceId, lines: chunk },
      occurredAt,
    })),
  ];
}

/** The same draft asked for again: the same items, whatever became of it since, unless it was given up. */
function isRepeat(existing: Invoice, command: DraftInvoice): boolean {
  if (existing.status === 'discarded' || existing.lines.length !== command.items.length) return false;
  const asked = new Set(command.items.map((item) => item.itemId));
  return existing.lines.every((line) => asked.has(line.itemId));
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
