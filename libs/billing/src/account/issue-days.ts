import { type LocalDate, type MoneyJson, addDays, at, isRefusal } from '@billtrail/kernel';
import type { BillingConfiguration } from '../events.js';
import { type TaxOfClient, ratesIn } from '../tax-rules.js';
import type { AskedElsewhere } from './asked-elsewhere.js';
import { daysOfCharges } from './charges.js';
import { suppliesOf } from './supplies.js';
import { issueDateLimits } from './issue-date.js';
import type { AccountState, Invoice } from './state.js';
import { type Taxing, taxDifference, taxesOf } from './tax.js';

/** Days of issue, the first and the last, on which a draft would have another tax than it shows. */
export interface OtherTax {
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly tax: MoneyJson;
}

/**
 * On which of the days that a draft may be issued on its tax would be another, in the order of days: rates have days from which they hold, and the
 * organisation may let the day of issue decide (`taxDate: issue`). Empty where the day of each supply does, and of a draft without totals.
 */
export function daysOfOtherTax(
  invoice: Invoice,
  state: AccountState,
  configuration: BillingConfiguration,
  client: TaxOfClient,
  today: LocalDate,
  elsewhere: readonly AskedElsewhere[],
): readonly OtherTax[] {
  const { totals, currency, lines, charges } = invoice;
  if (totals === null || configuration.taxDate === 'supply') return [];
  const { daysBeforeWork, daysAhead, daysBack } = issueDateLimits(configuration);
  const supplied = [...lines.map(({ workDate }) => workDate), ...daysOfCharges(charges, configuration)].sort();
  const days = [addDays(supplied.at(-1) ?? today, -daysBeforeWork), addDays(today, -daysBack)].sort();
  const first = at(days, 1, 'the first day of issue');
  const last = addDays(today, daysAhead);
  const begins = [first, ...changesOfRates(configuration).filter((day) => day > first && day <= last)];
  const supplies = suppliesOf([...lines, ...charges], state, elsewhere);
  return begins.flatMap((from, index): readonly OtherTax[] => {
    const next = begins[index + 1];
    const taxes = taxesOf(supplies, currency, { rules: configuration, client, issueDate: from });
    if (isRefusal(taxes) || taxDifference(totals, taxes.totals) === null) return [];
    return [{ from, to: next === undefined ? last : addDays(next, -1), tax: taxes.totals.tax }];
  });
}

/** The days from which some rate holds, each once, in order. */
function changesOfRates({ taxRates }: BillingConfiguration): readonly LocalDate[] {
  const rates = Object.values(taxRates).flatMap((stated) => (typeof stated === 'string' ? [] : ratesIn(stated)));
  const days = rates.flatMap((rate) => (typeof rate === 'string' ? [] : rate.map(({ from }) => from)));
  return [...new Set(days)].sort();
}

/** Why a draft says nothing of its tax: which category has no rate on which day, by the configuration of now. null: it says its tax, or could now. */
export function whyUntaxed(
  { totals, currency, lines, charges }: Invoice,
  state: AccountState,
  taxing: Taxing,
): string | null {
  if (totals !== null) return null;
  const taxes = taxesOf(suppliesOf([...lines, ...charges], state), currency, taxing);
  return isRefusal(taxes) ? taxes.message : null;
}
