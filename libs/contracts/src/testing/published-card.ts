import type { OpeningHours, Weekday } from '@billtrail/kernel';
import type { ContractTerms, RateCard } from '../events.js';

/** One way in which a publisher sells: the terms of a contract. */
export interface PublishedPlan {
  readonly plan: string;
  readonly terms: ContractTerms;
  /** Rate classes in which the publisher says that it does not work at all: that such work has no price is meant. */
  readonly notAvailableIn?: readonly string[];
}

/** A rate card that a provider publishes, as contract terms. Facts only, in our words; amounts are net of tax. */
export interface PublishedCard {
  readonly id: string;
  readonly address: string;
  /** What the page leaves open and we chose, or what of it the terms can't say. */
  readonly remarks: readonly string[];
  readonly workTypes: readonly string[];
  readonly engineerRoles: readonly string[];
  readonly plans: readonly PublishedPlan[];
}

export const WORKDAYS: readonly Weekday[] = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'];

export function onWorkdays<Hours extends OpeningHours>(
  ...hours: readonly Hours[]
): Partial<Record<Weekday, readonly Hours[]>> {
  return Object.fromEntries(WORKDAYS.map((weekday) => [weekday, hours]));
}

type CardBasics = Pick<RateCard, 'id' | 'name' | 'currency' | 'labour'> & Partial<RateCard>;

/** A card that rounds nothing, sells materials at list price and expenses at cost, unless `basics` says otherwise. */
export function card(basics: CardBasics, taxCategory: string): RateCard {
  return {
    minimumMinutes: 0,
    incrementMinutes: 1,
    roundingScope: 'entry',
    materials: { pricing: 'list' },
    expenses: { markupPercent: '0' },
    taxCategories: { time: taxCategory, material: taxCategory, expense: taxCategory },
    ...basics,
  };
}

export const ALL_BILLABLE: ContractTerms['coverage'] = [
  { id: 'all', name: 'All work', match: {}, outcome: 'billable' },
];
