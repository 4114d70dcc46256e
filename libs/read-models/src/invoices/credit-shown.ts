import { Money, type MoneyJson } from '@billtrail/kernel';
import type { CreditOf, FrozenCharge, InvoiceLine, TaxTotal } from '@billtrail/billing';
import { firstOf } from '../database/list.js';
import type { ReadDatabase } from '../database/read-database.js';
import { INVOICES } from './tables.js';

/** A credit of an earlier document that a line gives, as the documents tell it. */
export interface CreditShown extends CreditOf {
  /** Number of the earlier document; null: it is not issued. */
  readonly number: string | null;
  readonly difference: MoneyJson;
  /** Tax of the difference, as the earlier document asked for it; of a line of before at the rate of this document. null: its category has no rate here. */
  readonly tax: MoneyJson | null;
}

type Line = Pick<InvoiceLine | FrozenCharge, 'creditOf' | 'net' | 'taxCategory' | 'taxes'>;

/** What a line of a document gives back of an earlier one; null: nothing. */
export function creditShown(
  { creditOf, net, taxCategory, taxes }: Line,
  taxTotals: readonly TaxTotal[],
  database: ReadDatabase,
): CreditShown | null {
  if (creditOf === null) return null;
  const rate = taxTotals.find((one) => one.taxCategory === taxCategory)?.rate;
  const ofDocument = rate === undefined ? null : Money.from(net).times(rate).dividedBy(100).rounded();
  const stated = Money.sum(
    taxes.map((one) => Money.from(one.tax)),
    net.currency,
  );
  const tax = (taxes.length === 0 ? ofDocument : stated)?.toJSON() ?? null;
  const earlier = firstOf(database, INVOICES, { invoiceId: creditOf.documentId });
  return { ...creditOf, number: earlier?.number ?? null, difference: net, tax };
}
