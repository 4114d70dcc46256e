import type { Currency } from '@billtrail/kernel';
import { PRORATION_RULES, type Proration, type RecurringCharge } from '@billtrail/contracts';
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
    price: amount(random, currency, 900 * everyMonths, 10),
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
