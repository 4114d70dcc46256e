import { type Refusal, refuse } from '@billtrail/kernel';
import type { BillableItem } from '../item/billable-item.js';
import type { ChargeItem } from '../item/charge-item.js';
import { staleCharges } from './charges.js';
import { movedLines } from './changed-recipient.js';
import { MAX_DIFFERENCES_SHOWN, staleLines } from './lines.js';
import type { Receiving } from './recipients.js';
import type { Invoice } from './state.js';

/** A draft with lines that are not what rating makes of them now; null: it is fresh. */
export function refuseStale(
  invoice: Invoice,
  now: {
    readonly items: readonly BillableItem[];
    readonly charges?: readonly ChargeItem[];
    readonly receiving?: Receiving;
  },
): Refusal | null {
  const { invoiceId, lines, charges } = invoice;
  const differences = [
    ...staleLines(lines, now.items, invoiceId),
    ...staleCharges(charges, now.charges ?? [], invoiceId),
    ...movedLines(invoice, now),
  ];
  if (differences.length === 0) return null;
  return refuse(
    'DraftStale',
    `${differences.length} of ${lines.length + charges.length} lines of draft ${invoiceId} are out of date.`,
    'Discard it and create a new one.',
    { invoiceId, differenceCount: differences.length, differences: differences.slice(0, MAX_DIFFERENCES_SHOWN) },
  );
}
