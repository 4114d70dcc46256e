import {
  type Currency,
  Decimal,
  Money,
  type MoneyJson,
  type Refusal,
  invariant,
  known,
  refuse,
} from '@billtrail/kernel';
import type { BillingConfiguration, TaxTotal, Totals } from '../events.js';

/**
 * Nets, tax and total of a document, from its lines of work and its charges: tax once per (category, rate) on the summed line nets, rounded half up once (rating.md, law L5). Percent
 * rates come from configuration; for an exempt buyer every rate is zero. Refuses: TaxCategoryUnknown.
 */
export function totalsOf(
  lines: readonly { readonly net: MoneyJson; readonly taxCategory: string }[],
  currency: Currency,
  taxRates: BillingConfiguration['taxRates'],
  exempt: boolean,
): Totals | Refusal {
  const nets = new Map<string, Money>();
  for (const line of lines) {
    const net = Money.from(line.net);
    nets.set(line.taxCategory, nets.get(line.taxCategory)?.plus(net) ?? net);
  }
  const categories = [...nets.keys()].sort();
  const unknown = categories.filter((category) => !Object.hasOwn(taxRates, category));
  if (unknown.length > 0) {
    return refuse(
      'TaxCategoryUnknown',
      `The configuration has no tax rate for ${unknown.join(', ')}.`,
      'Add these categories to the configuration, or publish a contract version that uses known ones.',
      { unknown, known: Object.keys(taxRates) },
    );
  }
  const taxes: Money[] = [];
  const taxTotals = categories.map((taxCategory): TaxTotal => {
    const net = known(nets, taxCategory, 'the net of tax category');
    const rate = exempt ? '0' : taxRates[taxCategory];
    invariant(rate !== undefined, () => `tax category ${taxCategory} has no rate`);
    const tax = net.times(new Decimal(rate).div(100)).rounded();
    taxes.push(tax);
    return { taxCategory, rate, net: net.toJSON(), tax: tax.toJSON() };
  });
  const net = Money.sum(nets.values(), currency);
  const tax = Money.sum(taxes, currency);
  invariant(
    net.equals(
      Money.sum(
        lines.map((line) => Money.from(line.net)),
        currency,
      ),
    ),
    'the nets of the tax categories are not the net of the lines',
  );
  return { taxTotals, net: net.toJSON(), tax: tax.toJSON(), total: net.plus(tax).toJSON() };
}
