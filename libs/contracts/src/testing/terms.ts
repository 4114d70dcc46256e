import type { OpeningHours, Weekday } from '@billtrail/kernel';
import type { RateCard } from '../events.js';

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
