import type { Partly } from '@billtrail/kernel';
import { isStated } from './problems.js';
import { WORK_KINDS } from './terms/coverage-rule.js';
import type { RateCard } from './terms/rate-card.js';

/** Nothing is rounded, materials are sold at list price and expenses at cost. */
const PLAIN_PRICES = {
  labour: [],
  minimumMinutes: 0,
  incrementMinutes: 1,
  roundingScope: 'entry',
  materials: { pricing: 'list' },
  expenses: { markupPercent: '0' },
} as const;

interface Prices extends Pick<Partly<RateCard>, 'labour'> {
  readonly taxCategories?: Partly<RateCard['taxCategories']> | undefined;
}

/** What a card leaves out, but for its name and its currency. */
export function filledPrices<P extends Prices>(prices: P, taxCategory: string | undefined): P {
  return { ...PLAIN_PRICES, ...prices, ...withLabourFilled(prices), ...withTaxFilled(prices, taxCategory) };
}

export function withLabourFilled({ labour }: Prices): Pick<Prices, 'labour'> {
  return each('labour', labour, (rate) => ({ workType: null, engineerRole: null, ...rate }));
}

export function withTaxFilled(prices: Prices, taxCategory: string | undefined): Pick<Prices, 'taxCategories'> {
  if (isStated(prices, 'taxCategories') && prices.taxCategories === undefined) return {};
  const ofAll = taxCategory === undefined ? {} : Object.fromEntries(WORK_KINDS.map((kind) => [kind, taxCategory]));
  return { taxCategories: { ...ofAll, ...prices.taxCategories } };
}

/** A list with its members filled; one that was left out, or has not its shape, stays so. */
export function each<const Name extends string, T>(
  name: Name,
  list: readonly (T | undefined)[] | undefined,
  fill: (member: T) => T,
): { readonly [_ in Name]?: readonly (T | undefined)[] } {
  if (list === undefined) return {};
  return { [name]: list.map((member) => (member === undefined ? member : fill(member))) } as never;
}
