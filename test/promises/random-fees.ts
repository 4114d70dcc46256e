import type { Currency } from '@billtrail/kernel';
import {
  PRORATION_RULES,
  type Milestone,
  type OneTimeFee,
  type Proration,
  type RecurringCharge,
} from '@billtrail/contracts';
import type { Random } from '../crash/random.js';
import { amount, inPercent, maybe, randomDay, some } from './chance.js';

/** What is counted. */
export const COUNTED = ['server', 'user'] as const;
const CYCLES = [1, 1, 1, 3, 6, 12] as const;

export function randomProration(random: Random): Proration {
  const rule = () => random.pick(PRORATION_RULES);
  return random.pick<() => Proration>([
    () => ({ increases: rule() }),
    () => ({ decreases: rule() }),
    () => ({ increases: rule(), decreases: rule() }),
  ])();
}

export function randomFees(random: Random, currency: Currency): readonly RecurringCharge[] {
  return some(random, ['base', 'servers', 'people', 'audit'] as const, 1).map((id) => randomFee(random, currency, id));
}

type UnitPrices = Pick<RecurringCharge, 'price' | 'tiers' | 'tierPricing' | 'minimumCount'>;

function plainPrice(random: Random, currency: Currency, months: number): { readonly price: string } {
  return { price: amount(random, currency, 900 * months, 10) };
}

/** One price, or tiers; and at least so many, perhaps. */
function unitPrices(random: Random, currency: Currency, months: number): UnitPrices {
  const tierOf = (upTo: number | null) => ({ upTo, ...plainPrice(random, currency, months) });
  const ends = random.pick([[null], [2, null], [1, 3, null]] as const);
  return {
    ...(inPercent(random, 40)
      ? {
          tiers: ends.map(tierOf),
          ...maybe(random, 60, () => ({ tierPricing: random.pick(['graduated', 'volume'] as const) })),
        }
      : plainPrice(random, currency, months)),
    ...maybe(random, 25, () => ({ minimumCount: random.pick([1, 2, 4]) })),
  };
}

export function randomFee(
  random: Random,
  currency: Currency,
  id: 'base' | 'servers' | 'people' | 'audit',
): RecurringCharge {
  const everyMonths = random.pick(CYCLES);
  return {
    id,
    name: `Fee ${id}`,
    ...(id === 'servers' || id === 'people'
      ? {
          basis: id === 'servers' ? ('per-device' as const) : ('per-user' as const),
          countOf: id === 'servers' ? 'server' : 'user',
        }
      : { basis: random.pick(['fixed', 'retainer'] as const) }),
    ...(id === 'servers' || id === 'people'
      ? unitPrices(random, currency, everyMonths)
      : plainPrice(random, currency, everyMonths)),
    ...(everyMonths === 1 ? {} : { everyMonths }),
    ...maybe(random, 25, () => ({ cycleAnchor: random.pick(['contract-day', 'contract-day', 'calendar'] as const) })),
    ...(id === 'servers' || id === 'people'
      ? maybe(random, 25, () => ({
          commitment: { until: randomDay(random, 2, 6), increaseOnly: inPercent(random, 80) },
        }))
      : {}),
    ...maybe(random, 25, () => ({ proration: randomProration(random) })),
    billed: random.pick(['in-advance', 'in-arrears']),
    taxCategory: random.pick(['GST', 'GST', 'GST', 'GST-FREE']),
  };
}

export function randomOneTimeFees(random: Random, currency: Currency): readonly OneTimeFee[] {
  return some(random, ['set-up', 'survey'] as const, 1).map((id) => ({
    id,
    name: `Once ${id}`,
    amount: amount(random, currency, 2_000, 10),
    ...maybe(random, 50, () => ({ on: randomDay(random, 1, 6) })),
    taxCategory: random.pick(['GST', 'GST', 'GST-FREE']),
  }));
}

export function randomMilestones(random: Random, currency: Currency): readonly Milestone[] {
  return some(random, ['plan', 'go-live'] as const, 1).map((id) => ({
    id,
    name: `Milestone ${id}`,
    amount: amount(random, currency, 5_000, 10),
    ...maybe(random, 50, () => ({ plannedOn: randomDay(random, 1, 6) })),
    taxCategory: random.pick(['GST', 'GST-FREE']),
  }));
}
