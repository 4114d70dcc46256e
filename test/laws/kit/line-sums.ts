import type { CreditNoteLinesAdded, FrozenCharge, LinePart, WorkWrittenOff } from '@billtrail/billing';
import type { RecordedEvent } from '@billtrail/event-store';
import type { ToldInvoice } from './documents.js';
import type { Findings } from './findings.js';
import { fraction, halfUp, minorOf, minorUnits, sumOf } from './integers.js';

/** So much may a unit price that is shown without some of its digits make, in minor units. */
const MOST_ROUNDING = 5n;

/**
 * L5 of each line: whoever works out its parts by hand, one after the other, comes to its net. A second, plain reading in integers. `adjustment`, which
 * nobody can work out, is there only where some of the work or the charge was forgone or credited.
 */
function wrongLines(
  { invoiceId, lines, charges }: Pick<ToldInvoice, 'invoiceId' | 'lines' | 'charges'>,
  forgone: ReadonlySet<string>,
): Findings {
  const all = [
    ...lines.map(({ itemId, workItemId, net, parts }) => ({ id: itemId, of: [workItemId], net, parts })),
    ...charges.map(({ chargeItemId, chargeId, net, parts, trace }) => ({
      id: chargeItemId,
      of: [chargeId, ...beforeItMoved(trace)],
      net,
      parts,
    })),
  ];
  return all.flatMap(({ id, of, net, parts }) => {
    const rounding = sumOf(parts.filter(({ label }) => label === 'rounding').map(({ amount }) => minorOf(amount)));
    const asked = minorOf(net);
    const findings: string[] = [];
    if (workedOutByHand(parts, net.currency) !== asked)
      findings.push(`the parts of ${id} on ${invoiceId} don't come to its net`);
    if (sumOf(parts.map(({ amount }) => minorOf(amount))) !== asked)
      findings.push(`the amounts of ${id} on ${invoiceId} don't sum to its net`);
    if (rounding > MOST_ROUNDING || rounding < -MOST_ROUNDING)
      findings.push(`${id} on ${invoiceId} is rounded by ${rounding}`);
    if (parts.some(({ label }) => label === 'adjustment') && !of.some((one) => forgone.has(one)))
      findings.push(`${id} on ${invoiceId} is corrected by an amount that nobody can work out`);
    return findings;
  });
}

/** What a visit was before its work was corrected: what was given back of that stays forgone. */
function beforeItMoved(trace: FrozenCharge['trace']): readonly string[] {
  return trace.flatMap(({ step, facts }) => (step === 'credit' ? [String(facts['chargeId'])] : []));
}

/** The same of all invoices. */
export function wrongLinesOf(
  documents: readonly Pick<ToldInvoice, 'invoiceId' | 'lines' | 'charges'>[],
  events: readonly RecordedEvent[],
): Findings {
  const forgone = forgoneIn(events);
  return documents.flatMap((one) => wrongLines(one, forgone));
}

/** Work and charges of which something was written off or credited. */
function forgoneIn(events: readonly RecordedEvent[]): ReadonlySet<string> {
  return new Set(
    (events as readonly { type: string; data: unknown }[]).flatMap(({ type, data }) => {
      if (type === 'WorkWrittenOff') return [(data as WorkWrittenOff['data']).workItemId];
      if (type !== 'CreditNoteLinesAdded') return [];
      const { lines, charges } = data as CreditNoteLinesAdded['data'];
      return [...lines.map(({ line }) => line.workItemId), ...charges.map(({ charge }) => charge.chargeId)];
    }),
  );
}

/** In minor units: `over / under` of what is not rounded yet, and the same of the days before. */
interface Sum {
  readonly rounded: bigint;
  readonly over: bigint;
  readonly before: bigint;
  readonly under: bigint;
}

function workedOutByHand(parts: readonly LinePart[], currency: string): bigint {
  let sum: Sum = { rounded: 0n, over: 0n, before: 0n, under: 1n };
  for (const part of parts) sum = withPart(sum, part, currency);
  return roundedOf(sum);
}

function roundedOf({ rounded, over, before, under }: Sum): bigint {
  return rounded + halfUp(over, under) - halfUp(before, under);
}

function withPart(sum: Sum, part: LinePart, currency: string): Sum {
  const { label, amount, percent, days, ofDays, daysBefore = '0' } = part;
  if (label === 'price')
    return plus({ rounded: roundedOf(sum), over: 0n, before: 0n, under: 1n }, priceOf(part, currency));
  if (label === 'tier') return plus(sum, priceOf(part, currency));
  if (label === 'on-top' || label === 'counted') return plus(sum, { over: minorOf(amount), under: 1n });
  if (label === 'proration' && days !== undefined && ofDays !== undefined) {
    const [counted, earlier] = [fraction(days), fraction(daysBefore)];
    const over = sum.over * (counted.over * earlier.under + earlier.over * counted.under);
    const under = sum.under * counted.under * earlier.under * BigInt(ofDays);
    return { ...sum, over, before: sum.over * earlier.over * counted.under, under };
  }
  if (label === 'discount' && percent !== undefined) {
    const off = fraction(percent);
    const left = 100n * off.under - off.over;
    return { ...sum, over: sum.over * left, before: sum.before * left, under: sum.under * 100n * off.under };
  }
  return { rounded: roundedOf(sum) + minorOf(amount), over: 0n, before: 0n, under: 1n };
}

function plus(sum: Sum, { over, under }: { readonly over: bigint; readonly under: bigint }): Sum {
  return { ...sum, over: sum.over * under + over * sum.under, before: sum.before * under, under: sum.under * under };
}

function priceOf({ quantity, unitPrice, minutes, perMinutes = 60 }: LinePart, currency: string) {
  const each = fraction(unitPrice?.amount ?? '0');
  const many = minutes === undefined ? fraction(quantity ?? '0') : { over: BigInt(minutes), under: BigInt(perMinutes) };
  return { over: each.over * many.over * minorUnits(currency), under: each.under * many.under };
}
