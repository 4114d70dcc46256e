import type { ChargeKind, FrozenCharge } from '../item/charge-item.js';
import type { InvoiceLine } from '../item/frozen-item.js';

const OF_TERMS: ReadonlySet<string> = new Set<ChargeKind>(['recurring', 'one-time', 'milestone', 'prepaid-block']);

/** Whether a charge comes from terms and declarations alone; a minimum or a discount is measured on all work of its month. */
export function isOfTerms({ kind }: Pick<FrozenCharge, 'kind'>): boolean {
  return OF_TERMS.has(kind);
}

/**
 * The tickets of the work of a document, where it rests on those and on terms alone; null: it gives something of earlier documents back, or has a charge that is measured on all
 * work of its month.
 */
export function ticketsAlone({
  lines,
  charges,
}: {
  readonly lines: readonly InvoiceLine[];
  readonly charges: readonly FrozenCharge[];
}): ReadonlySet<string> | null {
  if ([...lines, ...charges].some(({ creditOf }) => creditOf !== null) || !charges.every(isOfTerms)) return null;
  return new Set(lines.map(({ ticketId }) => ticketId));
}

/** Whether what is frozen of work is of none of these tickets, and drew on no prepaid time, which all tickets share. */
export function isOfOtherWork(
  lines: readonly Pick<InvoiceLine, 'ticketId' | 'draw'>[],
  tickets: ReadonlySet<string>,
): boolean {
  return lines.every(({ ticketId, draw }) => draw === undefined && !tickets.has(ticketId));
}
