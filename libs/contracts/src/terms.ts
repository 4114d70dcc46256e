import { type Currency, isCurrency } from '@billtrail/kernel';
import { inspectAmounts } from './inspect/amounts.js';
import { inspectRateCalendar } from './inspect/calendar.js';
import { inspectCaps, inspectDiscounts, inspectMinimumCommitment, inspectRecurringCharges } from './inspect/charges.js';
import { inspectConsistency } from './inspect/consistency.js';
import { inspectCoverage } from './inspect/coverage.js';
import { inspectPrepaidTerms } from './inspect/prepaid.js';
import { inspectRateCard } from './inspect/rate-card.js';
import { inspectServiceLevels } from './inspect/service-levels.js';
import { inspectTravel } from './inspect/travel.js';
import { type Fields, Inspection, type Problem } from './problems.js';
import type { RateClass } from './terms/rate-calendar.js';

/** Longest renewed term, in months. */
const MAX_RENEWAL_MONTHS = 120;
/** Longest notice, in days. */
const MAX_NOTICE_DAYS = 730;

/**
 * Every problem in a contract version's terms, each with its path. Empty: the terms can be published. It takes anything and never throws.
 * `clientCurrency` is the client's, where the caller knows it: the rate card must be in it. `clientClasses` are the rate classes that the calendars of the
 * client, its sites and the organisation name, where the caller knows them: terms may price these and those of their own calendar. null: whatever class the
 * terms name may be one, and `foreignClasses` tells which.
 */
export function problemsOfTerms(
  terms: unknown,
  clientCurrency: Currency | null,
  clientClasses: readonly RateClass[] | null = null,
): readonly Problem[] {
  const inspection = new Inspection();
  const fields = inspection.fields('terms', terms, [
    'timeZone',
    'rateCalendar',
    'coverage',
    'rateCard',
    'prepaid',
    'recurringCharges',
    'minimumCommitment',
    'caps',
    'discounts',
    'travel',
    'serviceLevels',
    'renewal',
  ]);
  if (fields === null) return inspection.problems;
  if (fields['timeZone'] !== undefined) inspection.timeZone('terms.timeZone', fields['timeZone']);
  inspectCoverage(inspection, fields['coverage']);
  inspectRateCard(inspection, fields['rateCard'], clientCurrency);
  inspectOptionalParts(inspection, fields);
  inspectAmounts(inspection, fields);
  inspectConsistency(inspection, fields, clientClasses);
  return inspection.problems;
}

function inspectOptionalParts(inspection: Inspection, terms: Fields): void {
  const whenStated = (part: string, inspect: (path: string, value: unknown) => void): void => {
    if (terms[part] !== undefined) inspect(`terms.${part}`, terms[part]);
  };
  whenStated('rateCalendar', (path, value) => inspectRateCalendar(inspection, path, value));
  whenStated('prepaid', (path, value) => inspectPrepaidTerms(inspection, path, value, currencyOfCard(terms)));
  whenStated('recurringCharges', (path, value) => inspectRecurringCharges(inspection, path, value));
  whenStated('minimumCommitment', (path, value) => inspectMinimumCommitment(inspection, path, value));
  whenStated('caps', (path, value) => inspectCaps(inspection, path, value));
  whenStated('discounts', (path, value) => inspectDiscounts(inspection, path, value));
  whenStated('travel', (path, value) => inspectTravel(inspection, path, value));
  whenStated('serviceLevels', (path, value) => inspectServiceLevels(inspection, path, value));
  whenStated('renewal', (path, value) => inspectRenewal(inspection, path, value));
}

/** The card's currency where it is one: money elsewhere in the terms must be in it. */
function currencyOfCard({ rateCard }: Fields): Currency | null {
  const currency =
    typeof rateCard === 'object' && rateCard !== null && 'currency' in rateCard ? rateCard.currency : null;
  return typeof currency === 'string' && isCurrency(currency) ? currency : null;
}

function inspectRenewal(inspection: Inspection, path: string, renewal: unknown): void {
  const fields = inspection.fields(path, renewal, ['automatic', 'months', 'noticeDays']);
  if (fields === null) return;
  inspection.truth(`${path}.automatic`, fields['automatic']);
  inspection.wholeNumber(`${path}.months`, fields['months'], 1, MAX_RENEWAL_MONTHS);
  inspection.wholeNumber(`${path}.noticeDays`, fields['noticeDays'], 0, MAX_NOTICE_DAYS);
}
