import type { Currency } from '@billtrail/kernel';
import type {
  Allotment,
  Burn,
  Cap,
  ContractTerms,
  CoverageMatch,
  CoverageRule,
  Discount,
  IncidentPrice,
  LabourRate,
  NamedRateCard,
  PaymentTerms,
  PrepaidTerms,
  RateCalendar,
  RateCard,
  RoundingRule,
  WorkTypePricing,
} from '@billtrail/contracts';
import type { Random } from '../crash/random.js';
import { amount, inPercent, maybe, some, times } from './chance.js';
import { randomFees, randomMilestones, randomOneTimeFees, randomProration } from './random-fees.js';
import { houseCard } from './house-cards.js';
import { randomServiceLevels } from './random-service-levels.js';

export const WORK_TYPES = ['remote', 'onsite', 'project'] as const;
export const ROLES = ['engineer', 'senior'] as const;
export const CATEGORIES = ['network', 'printer', 'hardware'] as const;
export const PRIORITIES = ['critical', 'high', 'moderate'] as const;
export const TICKET_TYPES = ['incident', 'service-request'] as const;
export const CLASSES = ['business', 'after-hours', 'weekend', 'holiday'] as const;
export const SITES = ['north', 'south'] as const;
export const EXPENSE_TYPES = ['mileage', 'meals'] as const;

const PAYMENT_TERMS: readonly PaymentTerms[] = [
  { due: 'on-receipt' },
  { due: 'net', days: 30 },
  { due: 'end-of-month', days: 14 },
  { due: 'day-of-next-month', day: 31 },
];
const OUTCOMES = ['billable', 'included', 'prepaid', 'excluded', 'billable'] as const;
const SCOPES = ['entry', 'ticket-day', 'ticket', 'visit'] as const;
const PERCENTS = ['5', '12.5', '33.3', '100'] as const;

/** Terms of every kind and in every combination, without zone and calendar. */
export function randomTerms(random: Random, currency: Currency): ContractTerms {
  const coverage = randomCoverage(random, currency);
  const isPrepaid = coverage.some(({ outcome }) => outcome === 'prepaid');
  return {
    coverage,
    rateCard: inPercent(random, 12) ? namedCard(random, currency) : randomCard(random, currency),
    ...(isPrepaid ? maybe(random, 80, () => ({ prepaid: randomPrepaid(random, currency) })) : {}),
    ...maybe(random, 70, () => ({ recurringCharges: randomFees(random, currency) })),
    ...maybe(random, 20, () => ({ oneTimeFees: randomOneTimeFees(random, currency) })),
    ...maybe(random, 10, () => ({ milestones: randomMilestones(random, currency) })),
    ...maybe(random, 25, () => ({ minimumCommitment: randomMinimum(random, currency) })),
    ...maybe(random, 30, () => ({ caps: randomCaps(random, currency) })),
    ...maybe(random, 35, () => ({ discounts: randomDiscounts(random, currency) })),
    ...maybe(random, 15, () => ({ paymentTerms: random.pick(PAYMENT_TERMS) })),
    ...maybe(random, 20, () => ({ serviceLevels: randomServiceLevels(random, currency) })),
  };
}

export function randomCoverage(random: Random, currency: Currency): readonly CoverageRule[] {
  const rules = times(random.whole(0, 3), (index): CoverageRule => {
    const outcome = random.pick(OUTCOMES);
    return {
      id: `rule-${index + 1}`,
      name: `Rule ${index + 1}`,
      match: randomMatch(random),
      outcome,
      ...(outcome === 'included' ? maybe(random, 30, () => ({ includedMinutesPerTicket: random.whole(30, 240) })) : {}),
      ...(outcome === 'included' ? maybe(random, 40, () => ({ incident: randomIncident(random, currency) })) : {}),
    };
  });
  const rest: CoverageRule = {
    id: 'rest',
    name: 'All else',
    match: {},
    outcome: random.pick(['billable', 'billable', 'prepaid']),
  };
  return rules.length === 0 || inPercent(random, 85) ? [...rules, rest] : rules;
}

function randomIncident(random: Random, currency: Currency): IncidentPrice {
  return {
    price: amount(random, currency, 200, 10),
    ...maybe(random, 40, () => ({ includedPerPeriod: random.whole(1, 3) })),
    taxCategory: random.pick(['GST', 'GST', 'GST-FREE']),
  };
}

export function randomMatch(random: Random): CoverageMatch {
  return random.pick<() => CoverageMatch>([
    () => ({ kinds: some(random, ['time', 'material', 'expense'] as const, 1) }),
    () => ({ workTypes: some(random, WORK_TYPES, 1) }),
    () => ({ categories: some(random, CATEGORIES, 1) }),
    () => ({ priorities: some(random, PRIORITIES, 1) }),
    () => ({ ticketTypes: some(random, TICKET_TYPES, 1) }),
    () => ({ engineerRoles: some(random, ROLES, 1) }),
    () => ({ rateClasses: some(random, CLASSES, 1) }),
    () => ({ sites: some(random, SITES, 1) }),
    () => ({ kinds: ['time'], workTypes: some(random, WORK_TYPES, 1), categories: some(random, CATEGORIES, 1) }),
  ])();
}

/** The card of the organisation in the currency, now and then with prices of the contract's own in place of some. */
function namedCard(random: Random, currency: Currency): NamedRateCard {
  return {
    card: houseCard(currency),
    currency,
    ...maybe(random, 40, () => ({ labour: randomLabour(random, currency) })),
    ...maybe(random, 30, () => randomRounding(random)),
  };
}

export function randomCard(random: Random, currency: Currency): RateCard {
  return {
    id: 'card',
    name: 'Rates',
    currency,
    labour: randomLabour(random, currency),
    ...maybe(random, 40, () => ({ workTypes: randomPricing(random, currency) })),
    ...maybe(random, 60, () => ({
      rateClassMultipliers: some(
        random,
        [
          { rateClass: 'after-hours', multiplier: random.pick(['1.5', '1.25']) },
          { rateClass: 'weekend', multiplier: '2' },
          { rateClass: 'holiday', multiplier: '2.5' },
        ],
        1,
      ),
    })),
    ...randomRounding(random),
    materials: random.pick([
      { pricing: 'list' },
      { pricing: 'cost-plus', markupPercent: '33.3' },
      { pricing: 'cost-plus', marginPercent: '20' },
    ]),
    expenses: {
      ...random.pick([{ markupPercent: '0' }, { markupPercent: '12.5' }, { marginPercent: '7.5' }]),
      ...maybe(random, 40, () => ({
        types: [
          { type: 'mileage', pricePerUnit: amount(random, currency, 3) },
          { type: 'meals', capPerUnit: amount(random, currency, 40) },
        ],
      })),
    },
    ...maybe(random, 20, () => ({ visitBy: random.pick(['engineer', 'crew'] as const) })),
    taxCategories: { time: 'GST', material: 'GST', expense: random.pick(['GST', 'GST-FREE']) },
  };
}

export function randomRounding(
  random: Random,
): Pick<RateCard, 'minimumMinutes' | 'incrementMinutes' | 'rounding' | 'roundingScope' | 'roundingRules'> {
  return {
    minimumMinutes: random.pick([0, 15, 30, 60]),
    incrementMinutes: random.pick([1, 6, 15, 60]),
    ...maybe(random, 40, () => ({ rounding: random.pick(['nearest', 'down', 'up'] as const) })),
    roundingScope: random.pick(SCOPES),
    ...maybe(random, 25, () => ({ roundingRules: [randomRoundingRule(random)] })),
  };
}

function randomRoundingRule(random: Random): RoundingRule {
  return {
    ...(inPercent(random, 50) ? { workTypes: some(random, WORK_TYPES, 1) } : { rateClasses: some(random, CLASSES, 1) }),
    minimumMinutes: random.pick([45, 120]),
    ...maybe(random, 50, () => ({ incrementMinutes: 30 })),
  };
}

export function randomLabour(random: Random, currency: Currency): readonly LabourRate[] {
  const rates: LabourRate[] = [];
  const add = (percent: number, rate: Pick<LabourRate, 'workType' | 'engineerRole' | 'rateClass'>): void => {
    if (!inPercent(random, percent)) return;
    rates.push({
      ...rate,
      pricePerHour: amount(random, currency, 300, 40),
      ...maybe(random, 10, () => ({ priceMinutes: random.pick([15, 30, 450]) })),
    });
  };
  add(80, { workType: null, engineerRole: null });
  add(40, { workType: null, engineerRole: 'senior' });
  for (const workType of WORK_TYPES) {
    add(40, { workType, engineerRole: null });
    add(15, { workType, engineerRole: random.pick(ROLES) });
    add(10, { workType, engineerRole: null, rateClass: random.pick(CLASSES) });
  }
  return rates.length > 0
    ? rates
    : [{ workType: 'remote', engineerRole: null, pricePerHour: amount(random, currency, 300, 40) }];
}

function randomPricing(random: Random, currency: Currency): readonly WorkTypePricing[] {
  return some(random, WORK_TYPES, 1).map((workType) =>
    random.pick<() => WorkTypePricing>([
      () => ({ workType, mode: 'multiplier', multiplier: random.pick(['1.5', '0.8', '2']) }),
      () => ({
        workType,
        mode: 'amount-on-top',
        amount: amount(random, currency, 90, 10),
        per: random.pick(['hour', ...SCOPES] as const),
      }),
      () => ({ workType, mode: 'flat', price: amount(random, currency, 250, 50), per: random.pick(SCOPES) }),
      () => ({
        workType,
        mode: 'tiers',
        per: random.pick(SCOPES),
        tiers: [
          { upToMinutes: random.pick([30, 60, 90]), pricePerHour: amount(random, currency, 160, 90) },
          ...maybeOne(random, () => ({ upToMinutes: 180, pricePerHour: amount(random, currency, 250, 90) })),
          { upToMinutes: null, pricePerHour: amount(random, currency, 300, 90) },
        ],
      }),
    ])(),
  );
}

function maybeOne<T>(random: Random, one: () => T): readonly T[] {
  return inPercent(random, 50) ? [one()] : [];
}

export function randomCalendar(random: Random): RateCalendar {
  const hours = [{ opens: random.pick(['08:00', '09:00']), closes: random.pick(['17:00', '17:30']) }];
  return {
    hours: { monday: hours, tuesday: hours, wednesday: hours, thursday: hours, friday: hours },
    holidays: [
      { date: '2026-01-26', name: 'Australia Day' },
      { date: '2026-04-03', name: 'Good Friday' },
    ],
  };
}

export function randomPrepaid(random: Random, currency: Currency): PrepaidTerms {
  return {
    ...maybe(random, 60, () => ({
      allotment: {
        id: 'allotment',
        name: 'Every month',
        base: inPercent(random, 70)
          ? { unit: 'minutes' as const, minutes: random.whole(30, 400) }
          : { unit: 'money' as const, money: { amount: amount(random, currency, 500, 50), currency } },
        ...maybe(random, 25, () => ({ proration: randomProration(random) })),
        ...randomRollOver(random),
      },
    })),
    ...maybe(random, 50, () => ({
      overage: {
        pricePerHour: inPercent(random, 70) ? amount(random, currency, 220, 100) : null,
        multiplied: inPercent(random, 50),
      },
    })),
    ...maybe(random, 30, () => ({ burn: randomBurn(random) })),
  };
}

function randomRollOver(random: Random): Pick<Allotment, 'rollOver' | 'rollOverPeriods'> {
  const rollOver = random.pick(['none', 'one-period', 'periods'] as const);
  return rollOver === 'periods' ? { rollOver, rollOverPeriods: random.whole(1, 4) } : { rollOver };
}

function randomBurn(random: Random): Burn {
  if (inPercent(random, 50)) return { by: 'multiplier' };
  const weights = some(random, WORK_TYPES, 1).map((workType) => ({
    workType,
    weight: random.pick(['0.5', '1.5', '2', '1.3333']),
  }));
  return { by: 'weights', weights };
}

export function randomMinimum(random: Random, currency: Currency): NonNullable<ContractTerms['minimumCommitment']> {
  return {
    id: 'minimum',
    name: 'Least of a month',
    amountPerPeriod: amount(random, currency, 2_500, 200),
    countsRecurring: inPercent(random, 50),
    taxCategory: 'GST',
  };
}

export function randomCaps(random: Random, currency: Currency): readonly Cap[] {
  return some(random, ['ticket', 'period'] as const, 1).map((scope): Cap => ({
    id: `cap-${scope}`,
    name: `At most by ${scope}`,
    scope,
    amount: amount(random, currency, 900, 60),
    ...maybe(random, 40, () => ({ match: randomMatch(random) })),
    above: random.pick(['write-down', 'gap']),
  }));
}

export function randomDiscounts(random: Random, currency: Currency): readonly Discount[] {
  const common = () => ({
    ...maybe(random, 30, () => ({ match: randomMatch(random) })),
    ...maybe(random, 40, () => ({ includesRecurring: true })),
    order: random.pick(['before-minimum', 'after-minimum'] as const),
  });
  return some(random, ['percent', 'amount'] as const, 1).map((kind): Discount =>
    kind === 'percent'
      ? { id: 'loyal', name: 'Loyalty', ...common(), kind, percent: random.pick(PERCENTS) }
      : {
          id: 'rebate',
          name: 'Rebate',
          ...common(),
          kind,
          amount: amount(random, currency, 90, 5),
          taxCategory: 'GST',
        },
  );
}
