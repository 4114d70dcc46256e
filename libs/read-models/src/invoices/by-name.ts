import { taxesByName, type NamedTax, type TaxTotal } from '@billtrail/billing';

/** Tax totals that can be shown, as they are. What can't be is no fact of a document: it is found here, where it parks its client, and not by whoever asks. @throws */
export function showable(taxTotals: readonly TaxTotal[]): readonly TaxTotal[] {
  byName(taxTotals);
  return taxTotals;
}

/** What a document shows beside its tax totals where a category has several taxes. */
export function byName(taxTotals: readonly TaxTotal[]): { readonly taxesByName?: readonly NamedTax[] } {
  const named = taxesByName(taxTotals);
  return named === null ? {} : { taxesByName: named };
}
