import { billingCommands as billing } from '@billtrail/application';
import type { BillableItem, CreditAsked } from '@billtrail/billing';
import { MAX_PAGE } from '@billtrail/read-models';
import { chosen, type History, type InvoiceNote } from './history.js';
import { ACCOUNTANT } from './house.js';
import type { Step } from './steps.js';

/** Takes something of an issued invoice back; now and then under an id that is used already, and now and then the process ends half way. */
export async function credit(history: History, { pick: [which, what, how, end] }: Step): Promise<void> {
  const invoice = chosen(
    history.invoices.filter(({ stage }) => stage === 'issued'),
    which,
  );
  if (!invoice) return;
  const items = await itemsToCredit(history, invoice, what, how);
  const creditNoteId = end % 12 === 11 ? 'K-1' : history.nextId('K-');
  const { invoiceId, clientId, period } = invoice;
  const said = { reasonCode: 'wrong-item', comment: 'agreed by phone' };
  if (how % 4 === 0 && items.every(({ outcome }) => outcome === 'corrected')) {
    const owed = items.map(({ itemId }) => itemId);
    await history.send(billing.GiveCredits, { creditNoteId, clientId, period, items: owed, ...said }, ACCOUNTANT);
    return;
  }
  const why = { ...said, secondPerson: 'acc-2' };
  const interrupted = end % 6 === 0;
  const input = { creditNoteId, invoiceId, clientId, period, items, ...why };
  await history.send(billing.IssueCreditNote, input, ACCOUNTANT, { interrupted });
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
