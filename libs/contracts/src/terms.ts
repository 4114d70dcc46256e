import type { Currency, LocalDate, Partly, Problem } from '@billtrail/kernel';
import type { ContractTerms } from './events.js';
import { filledTerms, inspectFilled } from './filled-terms.js';
import { inspectAmounts } from './inspect/amounts.js';
import { inspectBurn } from './inspect/burn.js';
import { inspectRateCalendar } from './inspect/calendar.js';
import { inspectConsistency } from './inspect/consistency.js';
import {
  inspectAllotment,
  inspectBlockRenewal,
  inspectCoverage,
  inspectPolicy,
  inspectRecurringCharges,
} from './inspect/parts.js';
import { inspectRateCard } from './inspect/rate-card.js';
import { inspectTravel } from './inspect/travel.js';
import { problemsNoted } from './problems.js';
import { type SharedTerms, inspectNamedBy } from './shared-terms.js';
import type { RateClass } from './terms/rate-calendar.js';

/** What terms as they are written say that can't be meant, whoever the client is. */
export function problemsOfWrittenTerms(terms: Partly<ContractTerms>): readonly Problem[] {
  // Where they state no currency, it is the client's.
  return problemsOfTerms(filledTerms(terms, null), {}).filter(({ path }) => path !== 'terms.rateCard.currency');
}

interface TermsBeside {
  readonly clientCurrency?: Currency | null;
  readonly clientClasses?: readonly RateClass[] | null;
  readonly shared?: SharedTerms | null;
  readonly effectiveFrom?: LocalDate | undefined;
}

/**
 * What a version's terms say that can't be meant, each with its path. Empty: the terms can be published. Their shape was checked before; a part without
 * it is left out. `clientCurrency` is the client's, where the caller knows it: the rate card must be in it. `clientClasses` are the rate classes that the
 * calendars of the client, its sites and the organisation name, where the caller knows them: terms may price these and those of their own calendar. null:
 * whatever class the terms name may be one, and `foreignClasses` tells which. `shared`: what terms may name of the configuration; null: it is not known. `effectiveFrom`: their first
 * day, where it is known: a card that they name must have prices then.
 */
export function problemsOfTerms(
  terms: Partly<ContractTerms>,
  { clientCurrency = null, clientClasses = null, shared = null, effectiveFrom }: TermsBeside,
): readonly Problem[] {
  return problemsNoted((note) => {
    const { rateCalendar, coverage, rateCard, prepaid, recurringCharges, travel, serviceLevels } = terms;
    if (coverage !== undefined) inspectCoverage(note, coverage);
    if (rateCard !== undefined) inspectRateCard(note, rateCard, clientCurrency);
    if (rateCalendar !== undefined) inspectRateCalendar(note, 'terms.rateCalendar', rateCalendar);
    if (prepaid?.allotment !== undefined)
      inspectAllotment(note, 'terms.prepaid.allotment', prepaid.allotment, rateCard?.currency ?? null);
    inspectBurn(note, 'terms.prepaid.burn', prepaid?.burn);
    if (prepaid?.renewBlocks !== undefined)
      inspectBlockRenewal(note, 'terms.prepaid.renewBlocks', prepaid.renewBlocks, rateCard?.currency ?? null);
    if (recurringCharges !== undefined) inspectRecurringCharges(note, recurringCharges);
    if (travel !== undefined) inspectTravel(note, 'terms.travel', travel);
    if (serviceLevels?.policy !== undefined) inspectPolicy(note, 'terms.serviceLevels.policy', serviceLevels.policy);
    inspectFilled(note, terms);
    inspectAmounts(note, terms);
    if (shared !== null) inspectNamedBy(note, terms, effectiveFrom, shared);
    inspectConsistency(note, terms, clientClasses, shared);
  });
}
