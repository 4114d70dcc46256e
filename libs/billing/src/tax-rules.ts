import { Decimal, type LocalDate, isBusinessDate } from '@billtrail/kernel';
import {
  type Fields,
  type Inspection,
  TAX_TREATMENTS,
  type ClientTaxTreatment,
  type TaxTreatment,
} from '@billtrail/contracts';

/** A rate in percent and the first day on which it holds. */
export interface DatedTaxRate {
  readonly from: LocalDate;
  readonly rate: string;
}

/** A tax category with its rates from day to day, and with its treatment where the law gives it one whoever the client is. */
export interface TaxCategoryRules {
  /** Percent, decimal string; or each rate with the first day on which it holds, in the order of the days. */
  readonly rate: string | readonly DatedTaxRate[];
  /** Absent: the client's default, else taxable; `gst-free` where the rate is zero. */
  readonly treatment?: TaxTreatment;
  /** The legal reason of a treatment without tax, as documents state it. */
  readonly legalReason?: string;
}

/** What the organisation says of tax. */
export interface TaxRules {
  /** By tax category: a rate alone, or all that is to be said of it. */
  readonly taxRates: Readonly<Record<string, string | TaxCategoryRules>>;
  /** The day whose rate holds: the document's day of issue, or the day of each supply (of work its day, of a charge its first). Absent: `issue`. */
  readonly taxDate?: 'issue' | 'supply';
  /** Once per category and rate on the summed nets, or on each line. Absent: `document`. */
  readonly taxRounding?: 'document' | 'line';
  /** False: the seller charges no tax at all. Absent: true. */
  readonly taxRegistered?: boolean;
}

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

function rateOn(rate: TaxCategoryRules['rate'], on: LocalDate): string | null {
  if (typeof rate === 'string') return rate;
  return rate.findLast(({ from }) => from <= on)?.rate ?? null;
}

/** Most tax categories. */
export const MAX_TAX_CATEGORIES = 100;
const MAX_RATES = 100;

/** Notes every problem in what a configuration says of tax. Trusts no type: it came from a file. */
export function inspectTaxRules(inspection: Inspection, fields: Fields): void {
  const { taxDate, taxRounding, taxRegistered } = fields as Record<keyof TaxRules, unknown>;
  if (taxDate !== undefined) inspection.oneOf('taxDate', taxDate, ['issue', 'supply']);
  if (taxRounding !== undefined) inspection.oneOf('taxRounding', taxRounding, ['document', 'line']);
  if (taxRegistered !== undefined) inspection.truth('taxRegistered', taxRegistered);
  inspectTaxRates(inspection, fields['taxRates']);
}

function inspectTaxRates(inspection: Inspection, taxRates: unknown): void {
  const categories =
    typeof taxRates === 'object' && taxRates !== null && !Array.isArray(taxRates) ? Object.entries(taxRates) : null;
  if (categories === null || categories.length === 0 || categories.length > MAX_TAX_CATEGORIES) {
    inspection.note(
      'taxRates',
      `must be an object of 1 to ${MAX_TAX_CATEGORIES} categories with their rates in percent`,
    );
    return;
  }
  for (const [category, stated] of categories) {
    const path = `taxRates.${category}`;
    inspection.text(path, category);
    if (typeof stated === 'object' && stated !== null) inspectCategory(inspection, path, stated);
    else inspectRate(inspection, path, stated);
  }
}

function inspectCategory(inspection: Inspection, path: string, stated: unknown): void {
  const fields = inspection.fields(path, stated, ['rate', 'treatment', 'legalReason']);
  if (fields === null) return;
  const { rate, treatment, legalReason } = fields as Record<keyof TaxCategoryRules, unknown>;
  const rates = Array.isArray(rate) ? inspectDatedRates(inspection, `${path}.rate`, rate) : [rate];
  if (!Array.isArray(rate)) inspectRate(inspection, `${path}.rate`, rate);
  if (legalReason !== undefined) inspection.text(`${path}.legalReason`, legalReason);
  if (treatment === undefined || !inspection.oneOf(`${path}.treatment`, treatment, TAX_TREATMENTS)) return;
  const isTaxed = (one: unknown): boolean => Number(one) !== 0;
  if (treatment === 'taxable') {
    if (!rates.every(isTaxed)) inspection.note(`${path}.rate`, 'must be above zero: what is taxable bears tax');
    return;
  }
  if (rates.some(isTaxed)) inspection.note(`${path}.rate`, `must be 0: what is ${treatment} bears no tax`);
  if (legalReason === undefined)
    inspection.note(`${path}.legalReason`, `is missing: what is ${treatment} states its legal reason`);
}

/** The rates of a list, in the order of their days. */
function inspectDatedRates(inspection: Inspection, path: string, list: readonly unknown[]): readonly unknown[] {
  if (list.length === 0) inspection.note(path, 'must have at least one rate');
  let before = '';
  return inspection.list(path, list, MAX_RATES).map((entry, index) => {
    const at = `${path}[${index}]`;
    const fields = inspection.fields(at, entry, ['from', 'rate']);
    if (fields === null) return null;
    inspectRate(inspection, `${at}.rate`, fields['rate']);
    const from = fields['from'];
    if (typeof from !== 'string' || !isBusinessDate(from)) inspection.note(`${at}.from`, 'must be a day, YYYY-MM-DD');
    else if (from <= before) inspection.note(`${at}.from`, `must be after ${before}, the day of the rate before`);
    else before = from;
    return fields['rate'];
  });
}

function inspectRate(inspection: Inspection, path: string, rate: unknown): void {
  if (inspection.decimal(path, rate) && Number(rate) > 100) inspection.note(path, 'is above 100 percent');
}
