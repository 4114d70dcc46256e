import { type Decision, type Issued, Money, type Refusal, at, isRefusal, refuse } from '@billtrail/kernel';
import type { AccountEvent, InvoiceDrafted, InvoiceLinesAdded, Totals } from '../events.js';
import { isReadyToBill } from '../item/billable-item.js';
import type { FrozenCharge } from '../item/charge-item.js';
import type { InvoiceLine } from '../item/frozen-item.js';
import { RATING_VERSION } from '../rating-version.js';
import { frozenChargeOf } from './charges.js';
import { groupingOf, refuseSeveralGroups, siteOfDocument, soleRecipient } from './grouping.js';
import { type Addressed, addressed, recipientNamed, refuseRecipient } from './recipients.js';
import type { DraftInvoice } from './commands.js';
import { draftHash, partyOf, roundingOf } from './document.js';
import { refuseHeldCharge, refuseHeldItem, refuseWrittenOff } from './held.js';
import { MAX_DRAFT_BYTES, MAX_LINES_PER_INVOICE, chunksOf, isPrepaid, lineOf } from './lines.js';
import { dueUnder, paymentTermsOf, withOrder } from './payment-terms.js';
import { onlyNamed, refuseFree, refuseNamed } from './named.js';
import { draftAgain } from './repeat.js';
import { sellerOnDraft } from './seller.js';
import type { AccountState } from './state.js';
import { suppliesOf } from './supplies.js';
import { taxesOf } from './tax.js';
import { refuseCreditUnderWay } from './under-way.js';

export function draftInvoice(asked: DraftInvoice & Issued, state: AccountState): Decision<AccountEvent> {
  const existing = state.invoices.get(asked.invoiceId);
  if (existing !== undefined) return draftAgain(existing, asked, state);
  const underWay = refuseCreditUnderWay(state);
  if (underWay) return underWay;
  const named = onlyNamed(asked);
  const nothing = refuseNamed(named, state) ?? refuseFree(named, state);
  if (nothing) return nothing;
  const command = toRecipient(named);
  if (isRefusal(command)) return command;
  const lines = linesOf(command, state);
  if (isRefusal(lines)) return lines;
  const frozen = frozenCharges(command, state);
  if (isRefusal(frozen)) return frozen;
  const told = <Line extends InvoiceLine | FrozenCharge>(line: Line): Line =>
    addressed(withOrder(line, command.contracts), command);
  return draftLines(command, lines.map(told), frozen.map(told), state);
}

/** A draft of what one client receives: `client` is that one from here on. */
type Draft = DraftInvoice & Issued & Addressed;

function toRecipient(asked: DraftInvoice & Issued): Draft | Refusal {
  const { receiving, clientId } = asked;
  const grouping = groupingOf(asked);
  const recipientId = receiving === undefined ? clientId : soleRecipient(asked, receiving);
  if (isRefusal(recipientId)) return recipientId;
  const command = onlyNamed({ ...asked, recipientId });
  const refusal =
    (receiving === undefined
      ? null
      : refuseRecipient(recipientId, [...command.items, ...(command.charges ?? [])], receiving)) ??
    refuseSeveralGroups(command, grouping);
  if (refusal) return refusal;
  const siteId = siteOfDocument(command, grouping);
  const client = recipientNamed(recipientId, command);
  return { ...command, recipientId, ...(siteId === undefined ? {} : { siteId }), client };
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
        `Item ${item.itemId} can't go on this draft: it must be billable, priced and approved, belong to ${clientId} in ${period}, and be named once.`,
        'Leave it out, or price or approve it first.',
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
        `Charge ${chargeItemId} can't go on this draft: it must be billable, belong to ${clientId} in ${period}, and be named once.`,
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
  command: Draft,
  lines: readonly InvoiceLine[],
  charges: readonly FrozenCharge[],
  state: AccountState,
): Decision<AccountEvent> {
  const currencies = [...new Set([...lines, ...charges].map(({ net }) => net.currency))].sort();
  const [currency] = currencies;
  if (currency === undefined || currencies.length > 1) {
    return refuse(
      'MixedCurrency',
      `The items are in ${currencies.join(' and ')}; an invoice has one currency.`,
      'Create one draft per currency.',
      { currencies },
    );
  }
  const lineCount = lines.length + charges.length;
  if (lineCount > MAX_LINES_PER_INVOICE) {
    return refuse(
      'TooManyLines',
      `The draft would have ${lineCount} lines; at most ${MAX_LINES_PER_INVOICE} are allowed.`,
      'Draft fewer items: name tickets or charges.',
      { lines: lineCount, limit: MAX_LINES_PER_INVOICE },
    );
  }
  const taxing = { rules: command.configuration, client: command.client, issueDate: command.issueDate };
  const taxes = taxesOf(suppliesOf([...lines, ...charges], state, command.elsewhere), currency, taxing);
  if (isRefusal(taxes)) {
    const untaxed = eventsOf(command, currency, null, lines, charges);
    return refuseTooLarge(command, untaxed) ?? untaxed;
  }
  const negative = refuseNegative(command, taxes.totals);
  if (negative) return negative;
  const taxed = <Line extends InvoiceLine | FrozenCharge>(line: Line, index: number): Line => ({
    ...line,
    taxes: at(taxes.lineTaxes, index, 'the tax of line'),
  });
  const ownLines = lines.map(taxed);
  const ownCharges = charges.map((charge, index) => taxed(charge, lines.length + index));
  const events = eventsOf(command, currency, taxes.totals, ownLines, ownCharges);
  return refuseTooLarge(command, events) ?? events;
}

const BY_A_NOTE =
  'give the credit by a credit note: POST /v1/credit-notes/owed, or `billtrail invoice give-credit CLIENT MONTH --all --reason CODE --comment TEXT`';
export const REMEDY_OF_NEGATIVE_DRAFT = `Discard the draft, then ${BY_A_NOTE}. Or bill it later with other work of the period: until then it is a gap.`;

/** Nobody can issue a draft below zero. One of named tickets and charges is refused, because more can be named; all of a period is drafted with a warning. */
function refuseNegative({ named, invoiceId }: DraftInvoice, { total }: Totals): Refusal | null {
  if (named === undefined || !Money.from(total).isNegative()) return null;
  return refuse(
    'NegativeTotal',
    `What was named comes to ${total.amount} ${total.currency}; an invoice total can't be negative.`,
    `Name more of the period beside it, or ${BY_A_NOTE}.`,
    { invoiceId, total },
  );
}

function eventsOf(
  command: Draft,
  currency: string,
  totals: Totals | null,
  lines: readonly InvoiceLine[],
  charges: readonly FrozenCharge[],
): readonly AccountEvent[] {
  const { invoiceId, clientId, period, recipientId, siteId, client, configuration } = command;
  const occurredAt = command.occurredAt ?? command.at;
  const added = (data: Omit<InvoiceLinesAdded['data'], 'invoiceId'>): InvoiceLinesAdded => ({
    type: 'InvoiceLinesAdded',
    data: { invoiceId, ...data },
    occurredAt,
  });
  const parties = { buyer: partyOf(client), seller: sellerOnDraft(configuration.organisation) };
  const isDated = command.isDateStated !== false;
  const due = dueUnder(paymentTermsOf([...lines, ...charges], command), isDated ? command.issueDate : null);
  const content = { ...roundingOf(configuration), ...due, ...parties, totals };
  const drafted: InvoiceDrafted = {
    type: 'InvoiceDrafted',
    data: {
      invoiceId,
      clientId,
      period,
      currency,
      recipientId,
      ...(siteId === undefined ? {} : { siteId }),
      ...(isDated ? { issueDate: command.issueDate } : {}),
      ...content,
      draftedBy: command.by.id,
      ratedAt: command.at,
      ...(command.ratedUpTo === undefined ? {} : { ratedUpTo: command.ratedUpTo }),
      ratingVersion: RATING_VERSION,
      hash: draftHash({ ...content, lines, charges }),
    },
    occurredAt,
  };
  return [
    drafted,
    ...chunksOf(lines).map((chunk) => added({ lines: chunk })),
    ...chunksOf(charges).map((chunk) => added({ lines: [], charges: chunk })),
  ];
}

/** A draft is one append, and a refused append would say nothing of what to do. */
function refuseTooLarge(
  { maxDraftBytes = MAX_DRAFT_BYTES }: DraftInvoice,
  events: readonly AccountEvent[],
): Refusal | null {
  const bytes = events.reduce((sum, { data }) => sum + Buffer.byteLength(JSON.stringify(data)), 0);
  if (bytes <= maxDraftBytes) return null;
  return refuse(
    'DraftTooLarge',
    `The draft would take ${bytes} bytes of the log; at most ${maxDraftBytes} are allowed.`,
    'Draft fewer items: name tickets or charges.',
    { bytes, limit: maxDraftBytes },
  );
}
