import { membersOf, pathOf } from './differences.js';
import type { ContractTerms } from './events.js';

/**
 * What a decimal number of the terms is, by where it stands (`recurringCharges[].price`), in one place:
 * - `price`: what the client pays for something again and again. A price increase raises it.
 * - `agreed`: money that was agreed as an amount. An increase leaves it, and says so.
 * - `no money`: a factor, a share, a quantity.
 * A spec walks the shape of the terms, so that a new number can't be forgotten here.
 */
export const NUMBERS_OF_TERMS = {
  'coverage[].incident.price': { is: 'price' },
  'rateCard.labour[].pricePerHour': { is: 'price' },
  'rateCard.workTypes[].amount': { is: 'price' },
  'rateCard.workTypes[].price': { is: 'price' },
  'rateCard.workTypes[].tiers[].pricePerHour': { is: 'price' },
  'rateCard.workTypes[].multiplier': { is: 'no money' },
  'rateCard.rateClassMultipliers[].multiplier': { is: 'no money' },
  'rateCard.materials.markupPercent': { is: 'no money' },
  'rateCard.materials.marginPercent': { is: 'no money' },
  'rateCard.expenses.markupPercent': { is: 'no money' },
  'rateCard.expenses.marginPercent': { is: 'no money' },
  'rateCard.expenses.types[].pricePerUnit': { is: 'price' },
  'rateCard.expenses.types[].capPerUnit': { is: 'agreed', why: 'a limit on expenses' },
  'prepaid.allotment.base.money.amount': { is: 'agreed', why: 'money that the contract grants' },
  'prepaid.allotment.rollOverAtMost.money.amount': { is: 'agreed', why: 'a limit on what rolls over' },
  'prepaid.renewBlocks.below.money.amount': { is: 'agreed', why: 'what is left of a block when another is bought' },
  'prepaid.overage.pricePerHour': { is: 'price' },
  'prepaid.burn.weights[].weight': { is: 'no money' },
  'recurringCharges[].price': { is: 'price' },
  'recurringCharges[].tiers[].price': { is: 'price' },
  'oneTimeFees[].amount': { is: 'agreed', why: 'a fee that comes once' },
  'milestones[].amount': { is: 'agreed', why: 'a milestone' },
  'minimumCommitment.amountPerPeriod': { is: 'agreed', why: 'a minimum that the client committed to' },
  'caps[].amount': { is: 'agreed', why: 'a cap' },
  'discounts[].percent': { is: 'no money' },
  'discounts[].amount': { is: 'agreed', why: 'an amount off' },
  'travel[].price.zones[].fee': { is: 'price' },
  'travel[].price.otherZones': { is: 'price' },
  'travel[].price.pricePerHour': { is: 'price' },
  'travel[].price.factor': { is: 'no money' },
  'travel[].price.pricePerKilometre': { is: 'price' },
  'travel[].price.freeKilometres': { is: 'no money' },
  'travel[].cap': { is: 'agreed', why: 'a cap on travel' },
  'serviceLevels.credits[].credit.amount': { is: 'agreed', why: 'a service credit' },
  'serviceLevels.credits[].credit.percent': { is: 'no money' },
  'serviceLevels.creditsByBreaches[].steps[].amount': { is: 'agreed', why: 'a service credit' },
  'serviceLevels.creditsByBreaches[].steps[].percent': { is: 'no money' },
  'serviceLevels.maximumCreditPerPeriod': { is: 'agreed', why: 'a limit on service credits' },
} as const satisfies Readonly<Record<string, NumberOfTerms>>;

export type NumberOfTerms = { readonly is: 'price' | 'no money' } | { readonly is: 'agreed'; readonly why: string };

const NUMBERS: Readonly<Record<string, NumberOfTerms | undefined>> = NUMBERS_OF_TERMS;

/** A price or an agreed amount in terms that somebody wrote. */
export interface NumberFound {
  readonly of: Exclude<NumberOfTerms, { is: 'no money' }>;
  /** The term that it stands in, from the terms downwards: each object on the way. */
  readonly within: readonly Readonly<Record<string, unknown>>[];
  readonly value: string;
  /** Where it stands, as a difference of terms says it. */
  readonly path: string;
}

/** The terms with each price and each agreed amount as `replaced` answers it. */
export function withNumbers(terms: ContractTerms, replaced: (found: NumberFound) => string): ContractTerms {
  const at = (value: unknown, term: string, path: string, within: NumberFound['within']): unknown => {
    if (typeof value === 'string') {
      const of = NUMBERS[term];
      return of === undefined || of.is === 'no money' ? value : replaced({ of, within, value, path });
    }
    const parts = membersOf(value);
    if (parts === null) return value;
    const members = [...parts.members];
    if (parts.isList) return members.map(([name, one]) => at(one, `${term}[]`, pathOf(path, name, true), within));
    const inside = [...within, Object.fromEntries(members)];
    return Object.fromEntries(
      members.map(([name, one]) => [name, at(one, pathOf(term, name, false), pathOf(path, name, false), inside)]),
    );
  };
  // The same terms, with other texts where texts were.
  return at(terms, '', '', []) as ContractTerms;
}
