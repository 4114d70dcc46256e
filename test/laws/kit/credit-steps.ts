import { billingCommands as billing } from '@billtrail/application';
import type { BillableItem, CreditAsked } from '@billtrail/billing';
import { MAX_PAGE } from '@billtrail/read-models';
import { chosen, type History, type InvoiceNote } from './history.js';
import { ACCOUNTANT } from './house.js';
import type { Step } from './steps.js';
import { voidWork } from './work-steps.js';

const WHY = { reasonCode: 'wrong-item', comment: 'agreed by phone' };

/** Takes something of an issued invoice back; now and then under an id that is used already, and now and then the process ends half way. */
export async function credit(history: History, { pick: [which, what, how, end] }: Step): Promise<void> {
  const invoice = chosen(
    history.invoices.filter(({ stage }) => stage === 'issued'),
    which,
  );
  if (!invoice) return;
  if (how % 4 === 0 && (await giveWhatIsOwed(history, what))) return;
  const items = await itemsToCredit(history, invoice, what, how);
  const creditNoteId = end % 12 === 11 ? 'K-1' : history.nextId('K-');
  const { invoiceId, clientId, period } = invoice;
  const interrupted = end % 6 === 0;
  const input = { creditNoteId, invoiceId, clientId, period, items, ...WHY };
  const given = await history.send(billing.IssueCreditNote, input, ACCOUNTANT, { interrupted, agreed: true });
  if (given && end % 2 === 0) await voidWhatWasForgone(history, items);
}

/** Work of which a part was given back, and which turns out not to have been done at all: the part is taken back with the rest. */
async function voidWhatWasForgone(history: History, items: readonly CreditAsked[]): Promise<void> {
  const forgone = new Set(items.filter(({ net }) => net !== undefined).map(({ itemId }) => itemId));
  for (const work of history.works(({ id }) => forgone.has(id))) await voidWork(history, work);
}

/** A credit that is owed and on no document, in the account of any invoice: a correction, or a charge below zero. False: there is none. */
async function giveWhatIsOwed(history: History, what: number): Promise<boolean> {
  const { billtrail } = history.house;
  await billtrail.upToDate();
  const owed: { readonly clientId: string; readonly period: string; readonly itemId: string }[] = [];
  for (const { clientId, period } of history.invoices.filter(({ stage }) => stage === 'issued')) {
    const items = await billtrail.models.billableItems.ofPeriod(clientId, period);
    const { items: charges } = await billtrail.models.charges.list({ clientId, period }, { limit: MAX_PAGE });
    const named = [...items, ...charges.map((charge) => ({ ...charge, itemId: charge.chargeItemId }))];
    for (const { itemId, disposition, net } of named)
      if (disposition === 'billable' && net?.amount.startsWith('-') === true) owed.push({ clientId, period, itemId });
  }
  const one = chosen(owed, what);
  if (!one) return false;
  const { clientId, period, itemId } = one;
  const input = { creditNoteId: history.nextId('K-'), clientId, period, items: [itemId], ...WHY };
  await history.send(billing.GiveCredits, input, ACCOUNTANT);
  return true;
}

async function itemsToCredit(
  history: History,
  { invoiceId, clientId, period }: InvoiceNote,
  what: number,
  how: number,
): Promise<readonly CreditAsked[]> {
  const { models } = history.house.billtrail;
  await history.house.billtrail.upToDate();
  const isOwed = ({ disposition, net }: Pick<BillableItem, 'disposition' | 'net'>): boolean =>
    disposition === 'billable' && net?.amount.startsWith('-') === true;
  const charges = (await models.charges.ofPeriod(clientId, period)).filter(isOwed);
  // Discounts and service credits, which correct nothing that an invoice carries.
  const owing = charges.filter(({ chargeItemId, chargeId }) => chargeItemId === chargeId);
  const items = (await models.billableItems.ofPeriod(clientId, period)).filter(isOwed);
  const owed =
    how % 4 === 0 && owing.length > 0
      ? owing.map(({ chargeItemId: itemId }) => ({ itemId }))
      : [...items, ...charges.map(({ chargeItemId: itemId }) => ({ itemId }))];
  const correction = chosen(owed, what);
  if (correction && how % 2 === 0) return [{ itemId: correction.itemId, outcome: 'corrected' }];
  if (how % 6 === 1) return chargesToCredit(history, invoiceId, what, how);
  const { items: lines } = await models.invoices.lines(invoiceId, { limit: MAX_PAGE });
  if (how % 5 === 4) return lines.map(({ itemId }) => ({ itemId, outcome: 'bill-again' }));
  const line = chosen(lines, what);
  if (!line) return [];
  const { itemId, net } = line;
  if (how % 5 === 3) return [{ itemId, outcome: 'written-off', net: { amount: '12', currency: net.currency } }];
  return [{ itemId, outcome: how % 5 === 2 ? 'written-off' : 'bill-again' }];
}

/** A charge or what it was corrected by, whole or in part. Of a block that is refused, but where it is billed again: its hours would stay. */
async function chargesToCredit(
  history: History,
  invoiceId: string,
  what: number,
  how: number,
): Promise<readonly CreditAsked[]> {
  const { models } = history.house.billtrail;
  const { items } = await models.invoices.charges(invoiceId, { limit: MAX_PAGE });
  const charge = chosen(items, what);
  if (!charge) return [];
  const { chargeItemId: itemId, net } = charge;
  if (how % 4 === 1) return [{ itemId, outcome: 'written-off', net: { amount: '7', currency: net.currency } }];
  return [{ itemId, outcome: how % 4 === 3 ? 'written-off' : 'bill-again' }];
}
