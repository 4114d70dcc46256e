import { taxesByName, type NamedTax, type TaxTotal } from '@billtrail/billing';

/** What a document shows beside its tax totals where a category has several taxes. */
export function byName(taxTotals: readonly TaxTotal[]): { readonly taxesByName?: readonly NamedTax[] } {
  const named = taxesByName(taxTotals);
  return named === null ? {} : { taxesByName: named };
}
