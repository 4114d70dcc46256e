import { Decimal, type LocalDate, type Partly } from '@billtrail/kernel';
import type { ClientTaxTreatment, Note, TaxTreatment } from '@billtrail/contracts';
import type { DatedTaxRate, TaxCategoryRules, TaxRules } from './configuration-shape.js';

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
  const { rate, treatment, legalReason: reason = null } = typeof stated === 'string' ? { rate: stated } : stated;
  if (treatment !== undefined && treatment !== 'taxable') return { treatment, rate: '0', reason };
  if (treatment === undefined && taxExemption !== null)
    return { treatment: taxTreatment ?? 'gst-free', rate: '0', reason: taxExemption };
  const holding = rateOn(rate, on);
  if (holding === null) return null;
  const isFree = new Decimal(holding).isZero();
  return isFree
    ? { treatment: 'gst-free', rate: holding, reason }
    : { treatment: 'taxable', rate: holding, reason: null };
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
  return isTaxed ? (rateOn(stated.rate, on) ?? 'none') : '';
}

function rateOn(rate: TaxCategoryRules['rate'], on: LocalDate): string | null {
  if (typeof rate === 'string') return rate;
  return rate.findLast(({ from }) => from <= on)?.rate ?? null;
}

/** Notes what a configuration says of tax that can't be meant. */
export function inspectTaxRates(note: Note, taxRates: Partly<TaxRules['taxRates']>): void {
  for (const [category, stated] of Object.entries(taxRates))
    if (typeof stated === 'object') inspectCategory(note, `taxRates.${category}`, stated);
}

function inspectCategory(note: Note, path: string, { rate, treatment, legalReason }: Partly<TaxCategoryRules>): void {
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
