import { Decimal } from '@billtrail/kernel';
import type { TaxTotal } from '../events.js';
import type { LineTax } from '../item/frozen-item.js';
import type { TaxOfSupply } from '../tax-rules.js';

/** What a document says of how something is taxed; documents of before say a rate only. */
interface Taxation extends Pick<TaxTotal, 'rate' | 'treatment' | 'reason'> {
  readonly byName?: readonly { readonly name: string; readonly rate: string }[];
}

/** How something is taxed that a document shows. A document of before, which says a rate only, means what that rate meant. */
export function taxationOf({ rate, treatment, reason = null, byName }: Taxation): TaxOfSupply {
  const of = { rate, treatment: treatment ?? (new Decimal(rate).isZero() ? 'gst-free' : 'taxable'), reason } as const;
  return byName === undefined ? of : { ...of, byName: byName.map(({ name, rate: own }) => ({ name, rate: own })) };
}

/** What the lines of one tax total of a document share: two supplies of one category may differ in rate, treatment and legal reason. */
export function taxKeyOf({ taxCategory, ...of }: Taxation & Pick<TaxTotal, 'taxCategory'>): string {
  const { rate, treatment, reason, byName } = taxationOf(of);
  const named = byName?.map((one) => [one.name, new Decimal(one.rate).toFixed()]) ?? [];
  return JSON.stringify([taxCategory, new Decimal(rate).toFixed(), treatment, reason, ...named]);
}

/** The totals of a document that a line of this category may belong to: one where the line says its tax, or where the category has one. */
export function totalsFor(
  taxCategory: string,
  stated: LineTax | undefined,
  totals: readonly TaxTotal[],
): readonly TaxTotal[] {
  const ofCategory = totals.filter((one) => one.taxCategory === taxCategory);
  if (stated === undefined) return ofCategory;
  // A line that was frozen before lines said their treatment.
  if (stated.treatment === undefined) return ofCategory.filter(({ rate }) => new Decimal(rate).equals(stated.rate));
  return ofCategory.filter((one) => taxKeyOf(one) === taxKeyOf(stated));
}
