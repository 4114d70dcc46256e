import { Money, type Refusal, refuse } from '@billtrail/kernel';
import type { ExplainedItem } from '../item/billable-item.js';
import type { ChargeItem } from '../item/charge-item.js';
import { staleCharges } from './charges.js';
import { movedLines } from './changed-recipient.js';
import { type LineDifference, MAX_DIFFERENCES_SHOWN, staleLines } from './lines.js';
import type { Receiving } from './recipients.js';
import type { Invoice } from './state.js';

/** What rating makes of a client-period now. */
interface RatedNow {
  readonly items: readonly ExplainedItem[];
  readonly charges?: readonly ChargeItem[];
  readonly receiving?: Receiving;
}

/** A draft with lines that are not what rating makes of them now; null: it is fresh. */
export function refuseStale(invoice: Invoice, now: RatedNow): Refusal | null {
  const { invoiceId, lines, charges } = invoice;
  const differences = [
    ...staleLines(lines, now.items, invoiceId),
    ...staleCharges(charges, now.charges ?? [], invoiceId),
    ...movedLines(invoice, now),
  ];
  if (differences.length === 0) return null;
  return refuse(
    'DraftStale',
    `${differences.length} of ${lines.length + charges.length} lines of draft ${invoiceId} ${differences.length === 1 ? 'is' : 'are'} out of date: ${toldDifferences(differences, invoice)}.`,
    `Discard it and draft it anew: billtrail invoice redraft ${invoiceId}, or POST /v1/invoices/${invoiceId}/discard, then POST /v1/invoices`,
    { invoiceId, differenceCount: differences.length, differences: differences.slice(0, MAX_DIFFERENCES_SHOWN) },
  );
}

/**
 * The net of what a draft's lines come to now, one for each currency that they are in by now, in the order of those; what is gone, or has no price, comes to nothing, in the
 * currency of the draft where nothing else is left.
 */
export function netsOfLinesNow({ invoiceId, currency, lines, charges }: Invoice, now: RatedNow): readonly Money[] {
  const gone = new Set(
    [...staleLines(lines, now.items, invoiceId), ...staleCharges(charges, now.charges ?? [], invoiceId)].flatMap(
      ({ itemId, difference }) => (difference === 'gone' ? [itemId] : []),
    ),
  );
  const [held, heldCharges] = [
    new Set(lines.map(({ itemId }) => itemId)),
    new Set(charges.map(({ chargeItemId }) => chargeItemId)),
  ];
  const nets = [
    ...now.items.flatMap(({ itemId, net }) => (held.has(itemId) && !gone.has(itemId) && net !== null ? [net] : [])),
    ...(now.charges ?? []).flatMap(({ chargeItemId, net }) =>
      heldCharges.has(chargeItemId) && !gone.has(chargeItemId) ? [net] : [],
    ),
  ];
  const currencies = [...new Set(nets.map((net) => net.currency))].sort();
  return (currencies.length === 0 ? [currency] : currencies).map((each) =>
    Money.sum(
      nets.filter((net) => net.currency === each).map((net) => Money.from(net)),
      each,
    ),
  );
}

/** So many differences are told in words; all of them are in the details. */
const TOLD = 3;

/** What a line shows, as whoever reads the document calls it. What is not here is told by its own word. */
const WORDS: Readonly<Record<string, string>> = {
  net: 'amount',
  unitPrice: 'price of a unit',
  quantity: 'quantity',
  billableMinutes: 'billable minutes',
  actualMinutes: 'minutes worked',
  workDate: 'day of the work',
  taxCategory: 'tax category',
  contractId: 'contract',
  contractVersion: 'version of the contract',
  ticketId: 'ticket',
  mergedInto: 'ticket that it was merged into',
  siteId: 'site',
  billTo: 'recipient',
  recipientId: 'recipient',
  servedClientId: 'client served',
  segment: 'part of the work',
  draw: 'draw on prepaid work',
  sourceEventIds: 'source records',
  parts: 'parts',
  creditOf: 'line that it credits',
};
/** The sum comes first, then what it is made of. */
const FIRST = ['net', 'unitPrice', 'quantity', 'billableMinutes', 'actualMinutes'];

function toldDifferences(differences: readonly LineDifference[], { lines, charges }: Invoice): string {
  const names = new Map([
    ...lines.map(({ itemId, ticketId }) => [itemId, `${itemId} of ticket ${ticketId}`] as const),
    ...charges.map(({ chargeItemId, description }) => [chargeItemId, `${chargeItemId} (${description})`] as const),
  ]);
  const told = differences.slice(0, TOLD).map((one) => toldDifference(one, names.get(one.itemId) ?? one.itemId));
  const further = differences.length - told.length;
  return [...told, ...(further === 0 ? [] : [`${further} more`])].join('; ');
}

function toldDifference({ difference, fields }: LineDifference, name: string): string {
  if (difference === 'gone') {
    const now = fields['disposition']?.now;
    return now === 'absent' ? `${name} is gone` : `${name} is ${inWords(now)} now`;
  }
  const rank = (field: string): number => (FIRST.indexOf(field) + FIRST.length + 1) % (FIRST.length + 1);
  const changed = Object.keys(fields).toSorted((one, other) => rank(one) - rank(other));
  const told = changed.flatMap((field) => {
    const [was, is] = [inWords(fields[field]?.drafted), inWords(fields[field]?.now)];
    return was === null || is === null ? [] : [`${WORDS[field] ?? field} was ${was}, is ${is} now`];
  });
  const rests = changed.map((field) => WORDS[field] ?? field).join(' and ');
  return told.length === 0 ? `${name} changed: its ${rests}` : `${name}: ${told.join(', ')}`;
}

/** A value of a line, as short as a sentence takes it. null: only the details tell it. */
function inWords(value: unknown): string | null {
  if (value === null || value === undefined) return 'none';
  if (typeof value === 'string' || typeof value === 'number') return `${value}`;
  if (typeof value !== 'object') return null;
  return 'amount' in value && 'currency' in value ? `${String(value.amount)} ${String(value.currency)}` : null;
}
