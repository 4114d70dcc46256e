import { type MoneyJson, known } from '@billtrail/kernel';
import type { FrozenCharge, InvoiceLine, TaxTotal } from '@billtrail/billing';
import type { Findings } from './findings.js';
import { fraction, halfUp, minorOf, sumOf } from './integers.js';

export type Line = InvoiceLine | FrozenCharge;

/** A line, or the part of its net that has one tax, as a document states it. */
export interface TaxedPart {
  readonly taxCategory: string;
  /** What the line says of its tax; null: nothing, so its category has one total. */
  readonly stated: InvoiceLine['taxes'][number] | null;
  readonly net: bigint;
  readonly itemId: string;
}

export function partsOf(line: Line): readonly TaxedPart[] {
  const itemId = 'workItemId' in line ? line.itemId : line.chargeItemId;
  const { taxCategory } = line;
  if (line.taxes.length === 0) return [{ taxCategory, stated: null, net: minorOf(line.net), itemId }];
  return line.taxes.map((stated) => ({ taxCategory, stated, net: minorOf(stated.net ?? line.net), itemId }));
}

interface Taxation extends Pick<TaxTotal, 'taxCategory' | 'rate' | 'treatment' | 'reason'> {
  readonly byName?: readonly { readonly name: string; readonly rate: string }[];
}

/** True where one is taxed as the other: in category, rate, treatment and legal reason. */
export function isTaxedAs(one: Taxation, other: Taxation): boolean {
  const exact = (rate: string): bigint => fraction(rate).over * (10n ** 12n / fraction(rate).under);
  const key = ({ taxCategory, rate, treatment, reason, byName = [] }: Taxation): string =>
    JSON.stringify(
      [
        taxCategory,
        exact(rate),
        treatment ?? null,
        reason ?? null,
        ...byName.flatMap((each) => [each.name, exact(each.rate)]),
      ].map(String),
    );
  return key(one) === key(other);
}

export function isIn(total: TaxTotal, { taxCategory, stated }: TaxedPart): boolean {
  return stated === null ? total.taxCategory === taxCategory : isTaxedAs(total, stated);
}

/** Half away from zero, in minor units; of several taxes each. */
export function taxOn({ rate, byName }: Pick<TaxTotal, 'rate' | 'byName'>, net: bigint): bigint {
  if (byName !== undefined) return sumOf(byName.map((each) => taxOn({ rate: each.rate }, net)));
  const percent = fraction(rate);
  return halfUp(net * percent.over, 100n * percent.under);
}

/** One of the taxes of a total, as if it were the only one: what the total, and each that is taxed as it is, says of this one. */
export interface TaxView {
  readonly name: string;
  readonly rate: string;
  readonly of: (one: Pick<TaxTotal, 'tax' | 'byName'>) => bigint;
}

export function viewsOf({ taxCategory, rate, byName }: TaxTotal): readonly TaxView[] {
  if (byName === undefined) return [{ name: taxCategory, rate, of: ({ tax }) => minorOf(tax) }];
  return byName.map(({ name, rate: own }, index) => ({
    name: `${taxCategory} ${name}`,
    rate: own,
    of: ({ byName: each = [] }) => minorOf(known(new Map(each.entries()), index, 'the tax of a name').tax),
  }));
}

/** The totals of a document; of a note of no invoice with the sign of its lines, which are owed. */
export interface Stated {
  readonly taxTotals: readonly TaxTotal[];
  readonly net: MoneyJson;
  readonly tax: MoneyJson;
  readonly total: MoneyJson;
  readonly taxRounding: 'document' | 'line';
  readonly taxExemption: string | null;
}

/**
 * L5 of a document: its lines sum to the net of each tax total, no two of which are of one taxation; the tax of each is that on its net, or the
 * sum of the tax on each line, as the document rounds; of what is given back the tax of its invoice, and of a total with nothing else their sum.
 */
export function wrongTotals(at: string, lines: readonly Line[], stated: Stated, sign: 1n | -1n = 1n): Findings {
  const findings: string[] = [];
  const say = (what: string, is: bigint, must: bigint): void => {
    if (is !== must) findings.push(`${at}: ${what} is ${is}, and must be ${must}`);
  };
  const parts = lines.flatMap(partsOf);
  const { taxTotals, taxRounding, taxExemption } = stated;
  for (const part of parts) {
    const totals = taxTotals.filter((total) => isIn(total, part));
    if (totals.length !== 1) findings.push(`${at}: ${part.itemId} of ${part.taxCategory} has ${totals.length} totals`);
  }
  for (const total of taxTotals) {
    const own = parts.filter((part) => isIn(total, part));
    const name = `${total.taxCategory} at ${total.rate}`;
    const net = sumOf(own.map((part) => part.net));
    say(`the net of ${name}`, minorOf(total.net) * sign, net);
    const views = viewsOf(total);
    say(`the taxes of ${name} by name`, minorOf(total.tax), sumOf(views.map((view) => view.of(total))));
    for (const view of views) {
      say(`the tax of ${view.name}`, view.of(total) * sign, taxOfTotal(view, own, net, taxRounding));
      if (own.length > 0 && own.every((part) => part.stated !== null))
        say(
          `the tax of the lines of ${view.name}`,
          sumOf(own.map((part) => view.of(part.stated ?? total))),
          view.of(total) * sign,
        );
    }
    const isTaxable = (total.treatment ?? 'taxable') === 'taxable';
    const isFree = fraction(total.rate).over === 0n;
    if (total.treatment !== undefined && isTaxable === isFree) findings.push(`${at}: ${name} is ${total.treatment}`);
    if (total.treatment === undefined && taxExemption !== null && !isFree)
      findings.push(`${at} is exempt, and ${name} is taxed`);
  }
  const reasons = taxTotals.map(({ treatment, reason }) => (treatment === undefined ? taxExemption : reason));
  if (taxExemption !== null && !reasons.includes(taxExemption))
    findings.push(`${at}: no total is exempt for ${taxExemption}`);
  say('the net', minorOf(stated.net) * sign, sumOf(lines.map((line) => minorOf(line.net))));
  say('the tax', minorOf(stated.tax), sumOf(taxTotals.map((one) => minorOf(one.tax))));
  say('the total', minorOf(stated.total), minorOf(stated.net) + minorOf(stated.tax));
  return findings;
}

function taxOfTotal(
  view: TaxView,
  parts: readonly TaxedPart[],
  net: bigint,
  taxRounding: Stated['taxRounding'],
): bigint {
  const isGivenBack = ({ stated }: TaxedPart): boolean => stated?.givesBack !== undefined;
  const ofThen = (part: TaxedPart): bigint => (part.stated === null ? 0n : view.of(part.stated));
  if (taxRounding === 'document' && !parts.every(isGivenBack)) return taxOn(view, net);
  return sumOf(parts.map((part) => (isGivenBack(part) ? ofThen(part) : taxOn(view, part.net))));
}
