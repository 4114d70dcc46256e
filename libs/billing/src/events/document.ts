import type { TaxTreatment } from '@billtrail/contracts';
import type { LocalDate, MoneyJson } from '@billtrail/kernel';
import type { TAX_CODES } from '../tax-rules.js';

/** One of several taxes of a category, as a document shows it. */
export interface NamedTax {
  readonly name: string;
  /** Percent, decimal string. */
  readonly rate: string;
  readonly tax: MoneyJson;
}

export interface TaxTotal {
  readonly taxCategory: string;
  /** Percent, decimal string. */
  readonly rate: string;
  readonly net: MoneyJson;
  readonly tax: MoneyJson;
  /** How it is taxed. This and what follows are absent on documents of before. */
  readonly treatment?: TaxTreatment;
  /** The same on an e-invoice. */
  readonly code?: (typeof TAX_CODES)[TaxTreatment];
  /** The legal reason of a treatment without tax; null: none is stated, or it is taxable. */
  readonly reason?: string | null;
  /** Of a category with several taxes each of them, of which `rate` and `tax` are the sums. Absent: it has one. */
  readonly byName?: readonly NamedTax[];
}

export interface PartyOnDocument {
  readonly name: string;
  readonly taxId: string | null;
  readonly address: string | null;
}

/** What a document asks for. */
export interface Totals {
  readonly taxTotals: readonly TaxTotal[];
  readonly net: MoneyJson;
  readonly tax: MoneyJson;
  readonly total: MoneyJson;
}

/** How a document is taxed and when it is due. */
export interface DocumentTerms {
  /** `document`: tax once per (category, rate) on summed nets; `line`: on each line, then added. */
  readonly taxRounding: 'document' | 'line';
  /** null: the document states none. */
  readonly dueDate: LocalDate | null;
  /** Of payment, as the document words them; null: it states none. */
  readonly terms: string | null;
}
