import { type Refusal, refuse } from '@billtrail/kernel';
import type { BillableItem } from '../item/billable-item.js';
import type { ChargeItem } from '../item/charge-item.js';
import { staleCharges } from './charges.js';
import { staleLines } from './lines.js';
import type { Invoice } from './state.js';

/** Most differences that a refusal of a stale draft lists. */
export const MAX_DIFFERENCES_SHOWN = 100;

/** A draft with lines that are not what rating makes of them now; null: it is fresh. */
export function refuseStale(
  { invoiceId, lines, charges }: Invoice,
  now: { readonly items: readonly BillableItem[]; readonly charges?: readonly ChargeItem[] },
): Refusal | null {
  const differences = [
    ...staleLines(lines, now.items, invoiceId),
    ...staleCharges(charges, now.charges ?? [], invoiceId),
  ];
  if (differences.length === 0) return null;
  return refuse(
    'DraftStale',
    `${differences.length} of ${lines.length + charges.length} lines of draft ${invoiceId} are out of date.`,
    'Discard it and create a new one.',
    { invoiceId, differenceCount: differences.length, differences: differences.slice(0, MAX_DIFFERENCES_SHOWN) },
  );
}
