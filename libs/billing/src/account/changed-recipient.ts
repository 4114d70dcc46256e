import { type Refusal, refuse } from '@billtrail/kernel';
import type { BillableItem } from '../item/billable-item.js';
import type { ChargeItem } from '../item/charge-item.js';
import { itemIdOf } from './lines-of-credit.js';
import { type Receiving, recipientOf, refuseRecipient, siteOf } from './recipients.js';
import { type LineDifference, MAX_DIFFERENCES_SHOWN } from './lines.js';
import type { Invoice } from './state.js';

/** What rating makes of a draft's lines now, and who receives that. */
interface Now {
  readonly items: readonly BillableItem[];
  readonly charges?: readonly ChargeItem[];
  /** Absent: nobody looked. */
  readonly receiving?: Receiving;
}

function linesNow({ lines, charges }: Invoice, now: Now) {
  const items = new Map(now.items.map((item) => [item.itemId, item]));
  const ofCharges = new Map((now.charges ?? []).map((charge) => [charge.chargeItemId, charge]));
  return [
    ...lines.map((line) => ({ line, now: items.get(line.itemId) })),
    ...charges.map((line) => ({ line, now: ofCharges.get(line.chargeItemId) })),
  ];
}

/** A draft that goes to another than its lines would now; null: to the same. Refuses: RecipientChanged, BillToUnknown, BillToChained. */
export function refuseChangedRecipient(invoice: Invoice, { receiving, ...rated }: Now): Refusal | null {
  if (receiving === undefined) return null;
  const { invoiceId, recipientId } = invoice;
  const all = linesNow(invoice, rated);
  const differences = all.flatMap(({ line, now }) => {
    const is = now === undefined ? recipientId : recipientOf(now, receiving);
    return is === recipientId ? [] : [{ itemId: itemIdOf(line), recipientId: is }];
  });
  if (differences.length === 0)
    return refuseRecipient(
      recipientId,
      all.map(({ line, now = line }) => now),
      receiving,
    );
  const others = [...new Set(differences.map((one) => one.recipientId))].sort();
  return refuse(
    'RecipientChanged',
    `Draft ${invoiceId} is for client ${recipientId}, and ${differences.length} of its lines now go to ${others.join(' and ')}.`,
    'Discard it, and draft it anew. Or put the bill-to back as it was.',
    { invoiceId, recipientId, recipients: others, differences: differences.slice(0, MAX_DIFFERENCES_SHOWN) },
  );
}

/** Lines of which the site is another now. A draft of before says nothing of sites. */
export function movedLines(invoice: Invoice, { receiving, ...rated }: Now): readonly LineDifference[] {
  if (receiving === undefined || !invoice.isAddressed) return [];
  return linesNow(invoice, rated).flatMap(({ line, now }): readonly LineDifference[] => {
    const siteId = now === undefined ? line.siteId : siteOf(now, receiving);
    if (siteId === line.siteId) return [];
    const fields = { siteId: { drafted: line.siteId, now: siteId } };
    return [{ itemId: itemIdOf(line), difference: 'changed', fields }];
  });
}
