import { Money } from '@billtrail/kernel';
import type { FrozenCharge } from '../item/charge-item.js';
import type { InvoiceLine, LineTax } from '../item/frozen-item.js';
import { type EachTax, eachTaxOf } from './each-tax.js';
import type { CreditNote } from './state.js';

/** A line of a document, of work or a charge. */
export type Line = InvoiceLine | FrozenCharge;

/** Work and charges have ids of their own, which may be equal. */
export function keyOfLine(line: Line): string {
  return keyLike(line, itemIdOf(line));
}

export function itemIdOf(line: Line): string {
  return 'workItemId' in line ? line.itemId : line.chargeItemId;
}

export function keyLike(line: Line, itemId: string): string {
  return `${'workItemId' in line ? 'work' : 'charge'} ${itemId}`;
}

/** What adjustments of a line share: the work, or the charge. */
export function subjectOf(line: Line): string {
  return 'workItemId' in line ? subjectOfLine({ line }) : subjectOfCharge({ charge: line });
}

export function subjectOfLine({ line }: { readonly line: Pick<InvoiceLine, 'workItemId'> }): string {
  return `work ${line.workItemId}`;
}

export function subjectOfCharge({ charge }: { readonly charge: Pick<FrozenCharge, 'chargeId'> }): string {
  return `charge ${charge.chargeId}`;
}

/** What a line gives back of one line of an earlier document, in its own sign. */
export interface PartGivenBack {
  readonly documentId: string;
  /** null, and no tax: the line was frozen before lines said so. */
  readonly itemId: string | null;
  readonly net: Money;
  readonly taxes: EachTax | null;
}

/** Each part of a line that gives money of earlier documents back. */
export function partsGivenBack({ creditOf, taxes, net: whole }: Line): readonly PartGivenBack[] {
  if (creditOf === null) return [];
  if (taxes.every(({ treatment }) => treatment === undefined))
    return [{ documentId: creditOf.documentId, itemId: null, net: Money.from(whole), taxes: null }];
  return taxes.flatMap(({ givesBack, net = whole, ...tax }) =>
    givesBack === undefined ? [] : [{ ...givesBack, net: Money.from(net), taxes: eachTaxOf(tax) }],
  );
}

/** The taxes of a line that gives nothing back, each with its part of the net. */
export function nettedTaxesOf({
  taxes,
  net,
}: Line): readonly { readonly tax: LineTax | undefined; readonly net: Money }[] {
  if (taxes.length < 2 || taxes.some(({ givesBack }) => givesBack !== undefined))
    return [{ tax: taxes[0], net: Money.from(net) }];
  return taxes.map((tax) => ({ tax, net: Money.from(tax.net ?? net) }));
}

/** What a note takes back or settles, work first. */
export function linesOf({ lines, charges }: CreditNote): readonly Line[] {
  return [...lines.map(({ line }) => line), ...charges.map(({ charge }) => charge)];
}

/** The lines of an invoice that the note took back, to be billed again. */
export function freedBy({ facts, lines, charges }: CreditNote, invoiceId: string): readonly string[] {
  if (facts.invoiceId !== invoiceId) return [];
  return [...lines, ...charges.map((one) => ({ ...one, line: one.charge }))].flatMap(({ line, outcome }) =>
    outcome === 'bill-again' ? [keyOfLine(line)] : [],
  );
}
