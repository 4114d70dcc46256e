import { Decimal, Money, type MoneyJson, addTo, at, invariant, known } from '@billtrail/kernel';
import type { NamedTax, TaxTotal } from '../events.js';

/*
 * Amounts of tax, one for each tax of a category in their order: most have one. Each is rounded by itself, so what is true of the tax of a category with
 * one is true of each of several.
 */
export type EachTax = readonly Money[];

/** What says the taxes of a category. */
interface Rated {
  readonly rate: string;
  readonly byName?: readonly { readonly name: string; readonly rate: string }[];
}

function ratesOf({ rate, byName }: Rated): readonly string[] {
  return byName === undefined ? [rate] : byName.map((one) => one.rate);
}

/** The tax on a net, rounded half up. */
export function eachTaxOn(net: Money, of: Rated): EachTax {
  return ratesOf(of).map((rate) => net.times(new Decimal(rate).div(100)).rounded());
}

/** As a document states it. */
export function eachTaxOf({
  tax,
  byName,
}: {
  readonly tax: MoneyJson;
  readonly byName?: readonly NamedTax[];
}): EachTax {
  return byName === undefined ? [Money.from(tax)] : byName.map((one) => Money.from(one.tax));
}

export function plusEach(one: EachTax, other: EachTax): EachTax {
  invariant(one.length === other.length, 'taxes of categories with other taxes are added');
  return one.map((tax, index) => tax.plus(at(other, index, 'tax')));
}

export function minusEach(one: EachTax, other: EachTax): EachTax {
  return plusEach(one, negatedEach(other));
}

export function negatedEach(taxes: EachTax): EachTax {
  return taxes.map((tax) => tax.negated());
}

export function zeroEach(of: Rated, currency: string): EachTax {
  return ratesOf(of).map(() => Money.zero(currency));
}

/** All taxes of the category together. */
export function sumOfEach(taxes: EachTax, currency: string): Money {
  return Money.sum(taxes, currency);
}

/** What a document says of them: their sum, and each by its name where there are several. */
export function toldTaxes(
  taxes: EachTax,
  { byName }: Rated,
  currency: string,
): { readonly tax: MoneyJson; readonly byName?: readonly NamedTax[] } {
  const tax = sumOfEach(taxes, currency).toJSON();
  if (byName === undefined) return { tax };
  return {
    tax,
    byName: byName.map(({ name, rate }, index) => ({
      name,
      rate,
      tax: at(taxes, index, 'the tax of a name').toJSON(),
    })),
  };
}

/**
 * The taxes of a document by name and rate, over all its categories: what is owed of each to whoever raises it. A category with one tax has its name. null: none of
 * its categories has several, and its tax totals say it.
 */
export function taxesByName(taxTotals: readonly TaxTotal[]): readonly NamedTax[] | null {
  if (taxTotals.every(({ byName }) => byName === undefined)) return null;
  const found = new Map<string, NamedTax[]>();
  for (const { taxCategory, rate, tax, byName = [{ name: taxCategory, rate, tax }] } of taxTotals)
    for (const one of byName) addTo(found, JSON.stringify([one.name, new Decimal(one.rate).toFixed()]), one);
  return [...found.keys()].sort().map((key) => {
    const alike = known(found, key, 'the taxes of a name');
    const { name, rate, tax } = at(alike, 0, 'tax of a name');
    const amounts = alike.map((one) => Money.from(one.tax));
    return { name, rate, tax: Money.sum(amounts, tax.currency).toJSON() };
  });
}
