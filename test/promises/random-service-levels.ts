import type { Currency } from '@billtrail/kernel';
import {
  SLA_TARGETS,
  type BreachStep,
  type ServiceCredit,
  type ServiceLevels,
  type TargetTime,
} from '@billtrail/contracts';
import type { Random } from '../crash/random.js';
import { amount, maybe, some } from './chance.js';

const WORKDAY = [{ opens: '09:00', closes: '17:00' }];

/** Targets that are missed at once or after days, never between a question and what it is about; and what a missed one gives back. */
export function randomServiceLevels(random: Random, currency: Currency): ServiceLevels {
  const target = (): TargetTime => ({
    minutes: random.pick([1, 2_400]),
    clock: random.pick(['elapsed', 'business'] as const),
  });
  return {
    policy: {
      id: 'sla',
      name: 'Service levels',
      calendar: {
        timeZone: 'Australia/Sydney',
        openingHours: { monday: WORKDAY, tuesday: WORKDAY, wednesday: WORKDAY, thursday: WORKDAY, friday: WORKDAY },
        holidays: [],
      },
      targets: {
        critical: { response: target(), resolution: target() },
        high: { response: null, resolution: target() },
      },
      pausesOnThirdParty: true,
      warnAtPercent: [50],
    },
    credits: some(random, SLA_TARGETS, 1).map((missed): ServiceCredit => ({
      id: `late-${missed}`,
      name: `Late ${missed}`,
      target: missed,
      credit: random.pick<() => ServiceCredit['credit']>([
        () => ({ kind: 'amount', amount: amount(random, currency, 60, 5) }),
        () => ({ kind: 'percent-of-recurring', percent: random.pick(['5', '12.5']) }),
      ])(),
      taxCategory: 'GST',
    })),
    ...maybe(random, 40, () => ({
      creditsByBreaches: [
        {
          id: 'missed',
          name: 'Missed targets',
          ...maybe(random, 50, () => ({ target: random.pick(SLA_TARGETS) })),
          steps: [{ from: random.pick([1, 2]), percent: '2' }, ...maybeStep(random, currency)],
          taxCategory: 'GST',
        },
      ],
    })),
    ...maybe(random, 40, () => ({ maximumCreditPerPeriod: amount(random, currency, 90, 20) })),
  };
}

function maybeStep(random: Random, currency: Currency): readonly BreachStep[] {
  return random.pick<() => readonly BreachStep[]>([
    () => [],
    () => [{ from: 3, percent: '12.5' }],
    () => [{ from: 3, amount: amount(random, currency, 60, 5) }],
  ])();
}
