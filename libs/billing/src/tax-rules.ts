import { Decimal, type LocalDate, type Partly } from '@billtrail/kernel';
import { type ClientTaxTreatment, type Note, type TaxTreatment, isStated, noteRepeats } from '@billtrail/contracts';
import type { DatedTaxRate, StatedTaxRate, TaxCategoryRules, TaxRules } from './configuration-shape.js';

/** What a client carries: the default of its supplies. */
export interface TaxOfClient {
  /** The legal reason why supplies to it bear no tax, where their category does not say otherwise; null: they do. */
  readonly taxExemption: string | null;
  /** Which treatment that is. Absent: `gst-free`. */
  readonly taxTreatment?: ClientTaxTreatment | null;
}

/** How one supply is taxed. */
export interface TaxOfSupply {
  readonly treatment: TaxTreatment;
  /** Percent, decimal string; zero of all but `taxable`. */
  readonly rate: string;
  /** The legal reason of a treatment without tax; null: none is stated, or it is taxable. */
  readonly reason: string | null;
  /** Of a category with several taxes each of them with its rate, of which `rate` is the sum. Absent: it has one. */
  readonly byName?: readonly { readonly name: string; readonly rate: string }[];
}

/** The code of a treatment on an e-invoice (PINT A-NZ, a subset of UNCL5305). */
export const TAX_CODES: Readonly<Record<TaxTreatment, 'S' | 'Z' | 'G' | 'E' | 'O'>> = {
  taxable: 'S',
  'gst-free': 'Z',
  export: 'G',
  'input-taxed': 'E',
  'not-registered': 'O',
};

const NOT_REGISTERED = 'The seller is not registered for tax';

/** How a supply of a category is taxed on a day. null: there is no rate for it on that day. */
export function taxOfSupply(
  taxCategory: string,
  on: LocalDate,
  { taxRates, taxRegistered = true }: TaxRules,
  { taxExemption, taxTreatment }: TaxOfClient,
): TaxOfSupply | null {
  if (!Object.hasOwn(taxRates, taxCategory)) return null;
  if (!taxRegistered) return { treatment: 'not-registered', rate: '0', reason: NOT_REGISTERED };
  const stated = taxRates[taxCategory] ?? '0';
  const rules: TaxCategoryRules = typeof stated === 'string' ? { rate: stated } : stated;
  const { rate, taxes, treatment, legalReason: reason = null } = rules;
  if (treatment !== undefined && treatment !== 'taxable') return { treatment, rate: '0', reason };
  if (treatment === undefined && taxExemption !== null)
    return { treatment: taxTreatment ?? 'gst-free', rate: '0', reason: taxExemption };
  if (taxes !== undefined) return severalOn(taxes, on, reason);
  const holding = rate === undefined ? null : rateOn(rate, on);
  if (holding === null) return null;
  return isFree(holding)
    ? { treatment: 'gst-free', rate: holding, reason }
    : { treatment: 'taxable', rate: holding, reason: null };
}

function isFree(rate: string): boolean {
  return new Decimal(rate).isZero();
}

/** Each of several taxes at its rate of the day. null: one of them has none on it. */
function severalOn(
  taxes: NonNullable<TaxCategoryRules['taxes']>,
  on: LocalDate,
  reason: string | null,
): TaxOfSupply | null {
  const byName = taxes.flatMap(({ name, rate }) => {
    const holding = rateOn(rate, on);
    return holding === null ? [] : [{ name, rate: holding }];
  });
  if (byName.length < taxes.length) return null;
  const rate = byName.reduce((sum, one) => sum.plus(one.rate), new Decimal(0)).toFixed();
  return isFree(rate) ? { treatment: 'gst-free', rate, reason } : { treatment: 'taxable', rate, reason: null, byName };
}

/** The rate that holds on a day where the day of each supply decides: days with the same text are taxed alike. The same for all days where it does not. */
export function taxOfDay(
  taxCategory: string,
  on: LocalDate,
  { taxDate, taxRates, taxRegistered = true }: Partial<TaxRules>,
): string {
  if (taxDate !== 'supply' || !taxRegistered || taxRates === undefined || !Object.hasOwn(taxRates, taxCategory))
    return '';
  const stated = taxRates[taxCategory] ?? '';
  if (typeof stated === 'string') return '';
  const isTaxed = stated.treatment === undefined || stated.treatment === 'taxable';
  return isTaxed
    ? ratesIn(stated)
        .map((rate) => rateOn(rate, on) ?? 'none')
        .join(' ')
    : '';
}

/** The rate of a category, or those of its taxes. */
export function ratesIn({ rate, taxes }: TaxCategoryRules): readonly StatedTaxRate[] {
  return [...(rate === undefined ? [] : [rate]), ...(taxes ?? []).map((one) => one.rate)];
}

function rateOn(rate: StatedTaxRate, on: LocalDate): string | null {
  if (typeof rate === 'string') return rate;
  return rate.findLast(({ from }) => from <= on)?.rate ?? null;
}

/** Notes what a configuration says of tax that can't be meant. */
export function inspectTaxRates(note: Note, taxRates: Partly<TaxRules['taxRates']>): void {
  for (const [category, stated] of Object.entries(taxRates))
    if (typeof stated === 'object') inspectCategory(note, `taxRates.${category}`, stated);
}

function inspectCategory(note: Note, path: string, category: Partly<TaxCategoryRules>): void {
  const { rate, taxes, treatment, legalReason } = category;
  if (isStated(category, 'taxes')) {
    if (isStated(category, 'rate')) note(`${path}.rate`, 'must be left out: each of the taxes has its own');
    if (taxes !== undefined) inspectTaxes(note, path, taxes, treatment);
    return;
  }
  if (!isStated(category, 'rate')) note(`${path}.rate`, 'is required, or taxes where there are several');
  if (rate === undefined) return;
  const dated = typeof rate === 'string' ? [] : rate;
  inspectDays(note, `${path}.rate`, dated);
  if (treatment === undefined) return;
  const rates = typeof rate === 'string' ? [rate] : dated.flatMap((one) => one?.rate ?? []);
  const isTaxed = (one: string): boolean => Number(one) !== 0;
  if (treatment === 'taxable') {
    if (!rates.every(isTaxed)) note(`${path}.rate`, 'must be above zero: what is taxable bears tax');
    return;
  }
  if (rates.some(isTaxed)) note(`${path}.rate`, `must be 0: what is ${treatment} bears no tax`);
  if (legalReason === undefined)
    note(`${path}.legalReason`, `is missing: what is ${treatment} states its legal reason`);
}

/** Several taxes are told apart by name. What is not taxable has one rate, 0. */
function inspectTaxes(
  note: Note,
  path: string,
  taxes: NonNullable<Partly<TaxCategoryRules>['taxes']>,
  treatment: TaxTreatment | undefined,
): void {
  taxes.forEach((tax, index) => {
    if (tax?.rate !== undefined && typeof tax.rate !== 'string')
      inspectDays(note, `${path}.taxes[${index}].rate`, tax.rate);
  });
  noteRepeats(
    taxes,
    (tax) => tax.name?.trim().toLowerCase(),
    (index) => note(`${path}.taxes[${index}].name`, `${taxes[index]?.name} stands in the list already`),
  );
  if (treatment !== undefined && treatment !== 'taxable')
    note(`${path}.taxes`, `must be left out: what is ${treatment} bears no tax; state its rate as 0`);
  const above = dayAboveAll(taxes);
  if (above !== null)
    note(
      `${path}.taxes`,
      `must come to at most 100 percent together: they are ${above.rate}${above.on === '' ? '' : ` on ${above.on}`}`,
    );
}

/** The first day on which taxes come to more than all of the net; '' where no rate has a day. null: there is none. */
function dayAboveAll(
  taxes: NonNullable<Partly<TaxCategoryRules>['taxes']>,
): { readonly on: string; readonly rate: string } | null {
  const datesOf = (rate: Partly<StatedTaxRate> | undefined) => (typeof rate === 'object' ? rate : []);
  const days = ['', ...new Set(taxes.flatMap((tax) => datesOf(tax?.rate).flatMap((one) => one?.from ?? [])))].sort();
  for (const on of days) {
    const rates = taxes.map((tax) =>
      typeof tax?.rate === 'string'
        ? tax.rate
        : datesOf(tax?.rate).findLast((one) => one?.from !== undefined && one.from <= on)?.rate,
    );
    const rate = rates.reduce((sum, one) => sum.plus(one ?? 0), new Decimal(0));
    if (rate.greaterThan(100)) return { on, rate: rate.toFixed() };
  }
  return null;
}

/** The rates of a list stand in the order of their days. */
function inspectDays(note: Note, path: string, rates: Partly<readonly DatedTaxRate[]>): void {
  let before = '';
  rates.forEach((one, index) => {
    const from = one?.from;
    if (from === undefined) return;
    if (from <= before) note(`${path}[${index}].from`, `must be after ${before}, the day of the rate before`);
    else before = from;
  });
}
