import {
  type Currency,
  Decimal,
  type LocalDate,
  Money,
  type MoneyJson,
  type Refusal,
  addTo,
  invariant,
  known,
  refuse,
} from '@billtrail/kernel';
import type { TaxTotal, Totals } from '../events.js';
import type { FrozenCharge } from '../item/charge-item.js';
import type { InvoiceLine, LineTax } from '../item/frozen-item.js';
import { TAX_CODES, type TaxOfClient, type TaxOfSupply, type TaxRules, taxOfSupply } from '../tax-rules.js';

/** What of a line or a charge its tax rests on. */
export interface Supply {
  readonly net: MoneyJson;
  readonly taxCategory: string;
  /** Of work: its day. Of a charge: its first. */
  readonly on: LocalDate;
  /** How an earlier document taxed what this gives back. Absent: it is taxed by the rules of today. */
  readonly asCharged?: TaxOfSupply;
}

export function supplyOf(line: InvoiceLine | FrozenCharge): Supply {
  return { net: line.net, taxCategory: line.taxCategory, on: 'workDate' in line ? line.workDate : line.from };
}

/** Who sells to whom, and when: what decides on the tax of a document. */
export interface Taxing {
  readonly rules: TaxRules;
  readonly client: TaxOfClient;
  readonly issueDate: LocalDate;
}

/** The totals of a document, and the tax of each of its lines in their order; empty where the totals alone say it. */
export interface Taxed {
  readonly totals: Totals;
  readonly lineTaxes: readonly (readonly LineTax[])[];
}

interface TaxedSupply extends Supply {
  readonly tax: TaxOfSupply;
  readonly index: number;
}

/**
 * Nets, tax and total of a document, from its lines of work and its charges: tax once per category and rate on the summed line nets, rounded half
 * up once (rating.md, law L5), or on each line where the organisation rounds by line. The treatment is that of each supply; a client has a
 * default only. Refuses: TaxCategoryUnknown.
 */
export function taxesOf(supplies: readonly Supply[], currency: Currency, taxing: Taxing): Taxed | Refusal {
  const { rules, client, issueDate } = taxing;
  const taxed: TaxedSupply[] = [];
  const unknown = new Set<string>();
  supplies.forEach((supply, index) => {
    const on = rules.taxDate === 'supply' ? supply.on : issueDate;
    const tax = supply.asCharged ?? taxOfSupply(supply.taxCategory, on, rules, client);
    if (tax === null) unknown.add(supply.taxCategory);
    else taxed.push({ ...supply, tax, index });
  });
  if (unknown.size > 0) return unknownCategories([...unknown].sort(), taxing);
  const groups = new Map<string, TaxedSupply[]>();
  for (const one of taxed) addTo(groups, groupOf(one), one);
  const byLine = rules.taxRounding === 'line';
  const isAlone = !byLine && new Set(taxed.map((one) => one.taxCategory)).size === groups.size;
  const taxes = new Map<number, Money>();
  const taxTotals = [...groups.keys()].sort().map((key) => {
    const group = known(groups, key, 'the lines of tax');
    shareTax(group, currency, byLine, taxes);
    return totalOf(group, taxes, currency);
  });
  const net = sumOf(supplies, currency);
  invariant(net.equals(sumOf(taxTotals, currency)), 'the nets of the tax categories are not the net of the lines');
  const tax = Money.sum(taxes.values(), currency);
  const lineTaxes = taxed.map(({ taxCategory, tax: { rate }, index }): readonly LineTax[] =>
    isAlone ? [] : [{ taxCategory, rate, tax: known(taxes, index, 'the tax of line').toJSON() }],
  );
  const totals = { taxTotals, net: net.toJSON(), tax: tax.toJSON(), total: net.plus(tax).toJSON() };
  return { totals, lineTaxes };
}

function groupOf({ taxCategory, tax: { rate, treatment, reason } }: TaxedSupply): string {
  return JSON.stringify([taxCategory, rate, treatment, reason]);
}

function sumOf(list: readonly { readonly net: MoneyJson }[], currency: Currency): Money {
  return Money.sum(
    list.map(({ net }) => Money.from(net)),
    currency,
  );
}

/** The tax of each line of one rate: rounded by itself, or so that the lines until each have the rounded tax on their sum. */
function shareTax(group: readonly TaxedSupply[], currency: Currency, byLine: boolean, taxes: Map<number, Money>): void {
  let until = Money.zero(currency);
  let given = Money.zero(currency);
  for (const { net, tax, index } of group) {
    if (byLine) {
      taxes.set(index, taxOn(Money.from(net), tax.rate));
      continue;
    }
    until = until.plus(Money.from(net));
    const share = taxOn(until, tax.rate).minus(given);
    given = given.plus(share);
    taxes.set(index, share);
  }
}

export function taxOn(net: Money, rate: string): Money {
  return net.times(new Decimal(rate).div(100)).rounded();
}

function totalOf(group: readonly TaxedSupply[], taxes: ReadonlyMap<number, Money>, currency: Currency): TaxTotal {
  const [first] = group;
  invariant(first !== undefined, 'a tax total has no line');
  const { treatment, rate, reason } = first.tax;
  const tax = Money.sum(
    group.map(({ index }) => known(taxes, index, 'the tax of line')),
    currency,
  );
  const { taxCategory } = first;
  const said = { treatment, code: TAX_CODES[treatment], reason };
  return { taxCategory, rate, net: sumOf(group, currency).toJSON(), tax: tax.toJSON(), ...said };
}

function unknownCategories(unknown: readonly string[], { rules, issueDate }: Taxing): Refusal {
  const { taxRates, taxDate } = rules;
  const undated = unknown.filter((category) => Object.hasOwn(taxRates, category));
  const when = undated.length === 0 ? '' : taxDate === 'supply' ? ' on the day of each supply' : ` on ${issueDate}`;
  return refuse(
    'TaxCategoryUnknown',
    `The configuration has no tax rate for ${unknown.join(', ')}${when}.`,
    undated.length === 0
      ? 'Add these categories to the configuration, or publish a contract version that uses known ones.'
      : 'Add the rate of that day to the configuration.',
    { unknown, known: Object.keys(taxRates) },
  );
}

/** How the tax of a document differs from what was approved, in words; null: it does not. */
export function taxDifference(approved: Totals, now: Totals): string | null {
  const told = ({ taxTotals }: Totals): readonly string[] =>
    taxTotals.map(({ taxCategory, rate, tax }) => `${taxCategory} ${rate} %: ${tax.amount}`);
  const [before, after] = [told(approved), told(now)];
  return JSON.stringify(before) === JSON.stringify(after) ? null : `${before.join(', ')}, now ${after.join(', ')}`;
}
