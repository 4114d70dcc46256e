import {
  type Currency,
  Decimal,
  type LocalDate,
  Money,
  type MoneyJson,
  type Refusal,
  addTo,
  at,
  invariant,
  known,
  refuse,
} from '@billtrail/kernel';
import type { TaxTotal, Totals } from '../events.js';
import type { FrozenCharge } from '../item/charge-item.js';
import type { InvoiceLine, LineTax } from '../item/frozen-item.js';
import { type EachTax, eachTaxOn, minusEach, plusEach, toldTaxes, zeroEach } from './each-tax.js';
import { taxKeyOf } from './tax-key.js';
import { TAX_CODES, type TaxOfClient, type TaxOfSupply, taxOfSupply } from '../tax-rules.js';
import type { TaxRules } from '../configuration-shape.js';

/** What of a line or a charge its tax rests on. */
export interface Supply {
  readonly net: MoneyJson;
  readonly taxCategory: string;
  /** Of work: its day. Of a charge: its first. */
  readonly on: LocalDate;
  /** Of what adjusts a line of an earlier document: how that taxed it. Absent: it is taxed by the rules of today. */
  readonly taxation?: TaxOfSupply;
  /**
   * Of what is given back of such a line: the tax that goes back. Absent: nothing is given back. null: the line is a credit, but no document of the
   * account has more to give back.
   */
  readonly givenBack?: GivenBack | null;
}

/** Money of an earlier document that goes back with the tax that was asked there. */
interface GivenBack {
  /** In the sign of the net; as many as the taxation has taxes. */
  readonly taxes: EachTax;
  readonly of: NonNullable<LineTax['givesBack']>;
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
  /** Of the document, and of this among all that are taxed. */
  readonly line: number;
  readonly index: number;
}

/**
 * Nets, tax and total of a document, from what its lines of work and its charges supply: tax once per tax total on the summed nets, rounded half
 * up once (rating.md, law L5), or on each line where the organisation rounds by line. The treatment is that of each supply; a client has a
 * default only. Of what is given back the tax is that of its invoice; where a total has nothing else, it is the sum of these. A line is several
 * supplies where it gives back of several lines, or takes an amount off several supplies: those that are taxed alike are one. Refuses: TaxCategoryUnknown.
 */
export function taxesOf(
  lines: readonly (readonly Supply[])[],
  currency: Currency,
  { rules, client, issueDate }: Taxing,
): Taxed | Refusal {
  const taxed: TaxedSupply[] = [];
  const unknown = new Map<string, LocalDate[]>();
  lines.forEach((supplies, line) => {
    const own = new Map<string, number>();
    for (const supply of supplies) {
      const { taxCategory } = supply;
      const on = rules.taxDate === 'supply' ? supply.on : issueDate;
      const tax = supply.taxation ?? taxOfSupply(taxCategory, on, rules, client);
      if (tax === null) {
        addTo(unknown, taxCategory, on);
        continue;
      }
      const index = supply.givenBack ? undefined : own.get(taxKeyOf({ taxCategory, ...tax }));
      const alike = index === undefined ? undefined : taxed[index];
      if (alike !== undefined)
        taxed[alike.index] = { ...alike, net: Money.from(alike.net).plus(Money.from(supply.net)).toJSON() };
      else {
        if (!supply.givenBack) own.set(taxKeyOf({ taxCategory, ...tax }), taxed.length);
        taxed.push({ ...supply, tax, line, index: taxed.length });
      }
    }
  });
  if (unknown.size > 0) return unknownCategories(unknown, rules);
  const groups = new Map<string, TaxedSupply[]>();
  for (const one of taxed) addTo(groups, taxKeyOf({ taxCategory: one.taxCategory, ...one.tax }), one);
  const byLine = rules.taxRounding === 'line';
  const isSeveral = taxed.some((one) => one.tax.byName !== undefined);
  const isAlone = !byLine && !isSeveral && new Set(taxed.map((one) => one.taxCategory)).size === groups.size;
  const taxes = new Map<number, EachTax>();
  const taxTotals = [...groups.keys()].sort().map((key) => {
    const group = known(groups, key, 'the lines of tax');
    shareTax(group, currency, byLine, taxes);
    return totalOf(group, taxes, currency);
  });
  const net = sumOf(lines.flat(), currency);
  invariant(net.equals(sumOf(taxTotals, currency)), 'the nets of the tax categories are not the net of the lines');
  const tax = Money.sum([...taxes.values()].flat(), currency);
  const totals = { taxTotals, net: net.toJSON(), tax: tax.toJSON(), total: net.plus(tax).toJSON() };
  const lineTaxes = lines.map((): LineTax[] => []);
  for (const one of taxed) {
    const own = at(lineTaxes, one.line, 'the taxes of line');
    const givesBack = at(lines, one.line, 'line').some(({ givenBack }) => givenBack !== undefined);
    if (!isAlone || givesBack) own.push(lineTaxOf(one, known(taxes, one.index, 'the tax of line'), currency));
  }
  return { totals, lineTaxes };
}

function lineTaxOf({ taxCategory, net, tax: of, givenBack }: TaxedSupply, taxes: EachTax, currency: Currency): LineTax {
  const { rate, treatment, reason } = of;
  const { tax, ...named } = toldTaxes(taxes, of, currency);
  const givesBack = givenBack ? { givesBack: givenBack.of } : {};
  return { taxCategory, rate, tax, treatment, reason, net, ...named, ...givesBack };
}

function sumOf(list: readonly { readonly net: MoneyJson }[], currency: Currency): Money {
  return Money.sum(
    list.map(({ net }) => Money.from(net)),
    currency,
  );
}

/**
 * The taxes of each supply of one tax total: of what is given back those of its invoice; of all else each rounded by itself, or so that the supplies
 * until each have the rounded tax on their sum.
 */
function shareTax(
  group: readonly TaxedSupply[],
  currency: Currency,
  byLine: boolean,
  taxes: Map<number, EachTax>,
): void {
  const [{ tax: of }] = group as readonly [TaxedSupply];
  let until = Money.zero(currency);
  let given = zeroEach(of, currency);
  for (const { net, givenBack, index } of group) {
    if (!givenBack) continue;
    taxes.set(index, givenBack.taxes);
    [until, given] = [until.plus(Money.from(net)), plusEach(given, givenBack.taxes)];
  }
  for (const { net, givenBack, index } of group) {
    if (givenBack) continue;
    until = until.plus(Money.from(net));
    const share = byLine ? eachTaxOn(Money.from(net), of) : minusEach(eachTaxOn(until, of), given);
    given = plusEach(given, share);
    taxes.set(index, share);
  }
}

function totalOf(group: readonly TaxedSupply[], taxes: ReadonlyMap<number, EachTax>, currency: Currency): TaxTotal {
  const [first] = group;
  invariant(first !== undefined, 'a tax total has no line');
  const { treatment, rate, reason } = first.tax;
  const all = group.map(({ index }) => known(taxes, index, 'the tax of line'));
  const { tax, ...named } = toldTaxes(all.reduce(plusEach), first.tax, currency);
  const { taxCategory } = first;
  const said = { treatment, code: TAX_CODES[treatment], reason };
  return { taxCategory, rate, net: sumOf(group, currency).toJSON(), tax, ...said, ...named };
}

function unknownCategories(lacking: ReadonlyMap<string, readonly LocalDate[]>, { taxRates }: TaxRules): Refusal {
  const unknown = [...lacking.keys()].sort();
  const isDated = (category: string): boolean => Object.hasOwn(taxRates, category);
  const told = unknown.map((category) => {
    const days = [...new Set(lacking.get(category))].sort();
    return isDated(category) ? `${category} on ${days.join(', ')}` : category;
  });
  return refuse(
    'TaxCategoryUnknown',
    `The configuration has no tax rate for ${told.join('; ')}.`,
    unknown.some(isDated)
      ? 'Add the rate of that day to the configuration.'
      : 'Add these categories to the configuration, or publish a contract version that uses known ones.',
    { unknown, known: Object.keys(taxRates) },
  );
}

/** How the tax of a document differs from what was approved, in words; null: it does not. What a draft of before did not say is not compared. */
export function taxDifference(approved: Totals, now: Totals): string | null {
  const ofBefore = approved.taxTotals.some(({ treatment }) => treatment === undefined);
  const told = ({ taxTotals }: Totals): readonly string[] =>
    taxTotals.map(({ taxCategory, rate, net, tax, treatment, reason, byName = [] }) =>
      [
        `${taxCategory} ${new Decimal(rate).toFixed()} % on ${net.amount}: ${tax.amount}`,
        ...byName.map((one) => `${one.name} ${new Decimal(one.rate).toFixed()} %: ${one.tax.amount}`),
        ...(ofBefore || treatment === undefined || treatment === 'taxable' ? [] : [treatment]),
        ...(ofBefore || reason === null || reason === undefined ? [] : [reason]),
      ].join(', '),
    );
  const [before, after] = [told(approved), told(now)];
  return JSON.stringify(before) === JSON.stringify(after) ? null : `${before.join('; ')}, now ${after.join('; ')}`;
}

/** Which lines of an approved draft give other tax back now, in words; null: none. Lines of before did not say, and are not compared. */
export function linesTaxedAnew(lines: readonly (InvoiceLine | FrozenCharge)[], now: Taxed['lineTaxes']): string | null {
  const changed = lines.filter(({ taxes }, index) => {
    const says = taxes.some(({ treatment }) => treatment !== undefined);
    return says && JSON.stringify(taxes) !== JSON.stringify(at(now, index, 'the taxes of line'));
  });
  const ids = changed.map((line) => ('workItemId' in line ? line.itemId : line.chargeItemId));
  return ids.length === 0 ? null : `another document gives back what it shares with ${ids.join(', ')}`;
}
