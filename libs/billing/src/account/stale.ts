import { type Refusal, refuse } from '@billtrail/kernel';
import type { ExplainedItem } from '../item/billable-item.js';
import type { ChargeItem } from '../item/charge-item.js';
import { staleCharges } from './charges.js';
import { movedLines } from './changed-recipient.js';
import { type LineDifference, MAX_DIFFERENCES_SHOWN, staleLines } from './lines.js';
import type { Receiving } from './recipients.js';
import type { Invoice } from './state.js';

/** A draft with lines that are not what rating makes of them now; null: it is fresh. */
export function refuseStale(
  invoice: Invoice,
  now: {
    readonly items: readonly ExplainedItem[];
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
    `${differences.length} of ${lines.length + charges.length} lines of draft ${invoiceId} are out of date: ${toldDifferences(differences)}.`,
    'Discard it and create a new one.',
    { invoiceId, differenceCount: differences.length, differences: differences.slice(0, MAX_DIFFERENCES_SHOWN) },
  );
}

/** So many differences are told in words; all of them are in the details. */
const TOLD = 3;

function toldDifferences(differences: readonly LineDifference[]): string {
  const told = differences.slice(0, TOLD).map(toldDifference);
  const further = differences.length - told.length;
  return [...told, ...(further === 0 ? [] : [`${further} more`])].join('; ');
}

function toldDifference({ itemId, difference, fields }: LineDifference): string {
  if (difference === 'gone') {
    const now = fields['disposition']?.now;
    return `${itemId} is ${now === 'absent' ? 'gone' : `${inWords(now)} now`}`;
  }
  const told = Object.entries(fields).flatMap(([name, { drafted, now }]) => {
    const [was, is] = [inWords(drafted), inWords(now)];
    return was === null || is === null ? [] : [`${name} ${was}, now ${is}`];
  });
  const rests = Object.keys(fields).join(' and ');
  return `${itemId}: ${told.length === 0 ? `its ${rests} changed` : told.join(', ')}`;
}

/** A value of a line, as short as a sentence takes it. null: only the details tell it. */
function inWords(value: unknown): string | null {
  if (value === null || value === undefined) return 'none';
  if (typeof value === 'string' || typeof value === 'number') return `${value}`;
  if (typeof value !== 'object') return null;
  return 'amount' in value && 'currency' in value ? `${String(value.amount)} ${String(value.currency)}` : null;
}
