import { unreachable } from '@billtrail/kernel';
import type {
  Cap,
  CoverageMatch,
  CreditByBreaches,
  Discount,
  OneTimeFee,
  PrepaidBlock,
  PrepaidTerms,
  Proration,
  RecurringCharge,
  ServiceCredit,
  TravelTerm,
} from '../events.js';
import { amountText } from '../prepaid-price.js';
import type { AnalysedCharge } from './charges.js';

/** What is said of a charge. */
export interface ChargeText {
  /** A fee, a discount, a cap. */
  readonly what: string;
  readonly amount: string;
  /** When, or for which work. */
  readonly when: string;
  /** Empty: it has the tax of what it is about, or none. */
  readonly tax: string;
}

export function chargeText(charge: AnalysedCharge): ChargeText {
  const { currency } = charge;
  switch (charge.kind) {
    case 'recurring-charge':
      return feeText(charge.term, currency, charge.counts);
    case 'one-time-fee':
      return onceText(charge.term, currency);
    case 'milestone': {
      const { amount, plannedOn, taxCategory } = charge.term;
      const planned = plannedOn === undefined ? '' : `, planned for ${plannedOn}`;
      return { what: 'milestone', amount: `${amount} ${currency}`, when: `when reached${planned}`, tax: taxCategory };
    }
    case 'minimum': {
      const { amountPerPeriod, countsRecurring, taxCategory } = charge.term;
      const when = countsRecurring ? 'work and fees count' : 'work counts, fees do not';
      return { what: 'minimum', amount: `at least ${amountPerPeriod} ${currency} a month`, when, tax: taxCategory };
    }
    case 'discount':
      return discountText(charge.term, currency);
    case 'cap':
      return capText(charge.term, currency);
    case 'allotment':
      return allotmentText(charge.term);
    case 'block':
      return blockText(charge.term);
    case 'travel':
      return travelText(charge.term, currency);
    case 'credit':
      return creditText(charge.term, currency, charge.most);
    case 'credit-by-breaches':
      return creditByBreachesText(charge.term, currency, charge.most);
    default:
      return unreachable(charge);
  }
}

const CYCLES = { 1: 'a month', 3: 'a quarter', 6: 'a half-year', 12: 'a year' } as const;

function feeText(fee: RecurringCharge, currency: string, counts: AnalysedCharge['counts']): ChargeText {
  const { basis, countOf, minimumCount, billed, cycleAnchor, commitment, proration, taxCategory } = fee;
  const isCounted = basis === 'per-device' || basis === 'per-user';
  const each = isCounted ? ` a ${countOf ?? 'unit'}` : '';
  const price = `${priceOf(fee)} ${currency}${each} ${CYCLES[fee.everyMonths ?? 1]}`;
  const least = minimumCount === undefined ? [] : [`at least ${minimumCount}`];
  const there = (counts ?? []).map(({ count, from }) => `${count} from ${from}`);
  const counted = counts !== undefined && there.length === 0 ? ['a gap until they are counted'] : there;
  const when = [
    billed === 'in-advance' ? 'in advance' : 'in arrears',
    ...(cycleAnchor === 'contract-day' ? ["from the contract's day"] : []),
    ...(commitment?.increaseOnly === true ? [`committed to ${commitment.until}`] : []),
    ...prorationText(proration),
  ];
  return { what: 'fee', amount: [price, ...least, ...counted].join(', '), when: when.join(', '), tax: taxCategory };
}

function priceOf({ price, tiers = [], tierPricing }: RecurringCharge): string {
  if (price !== undefined) return price;
  let from = 1;
  const each = tiers.map(({ upTo, price: ofTier }) => {
    const units = upTo === null ? `from ${from}` : `${from} to ${upTo}`;
    if (upTo !== null) from = upTo + 1;
    return `${units}: ${ofTier}`;
  });
  return `${tierPricing === 'volume' ? 'all by their number, ' : ''}${each.join(', ')}`;
}

function prorationText(proration: Proration | undefined): readonly string[] {
  if (proration === undefined) return [];
  const { increases = 'daily', decreases = 'daily' } = proration;
  if (increases === decreases) return increases === 'daily' ? [] : [`changes ${increases}`];
  return [`increases ${increases}`, `decreases ${decreases}`];
}

function onceText({ amount, on, taxCategory }: OneTimeFee, currency: string): ChargeText {
  const when = on === undefined ? 'once, on its first day' : `once, on ${on}`;
  return { what: 'one-time fee', amount: `${amount} ${currency}`, when, tax: taxCategory };
}

function discountText(discount: Discount, currency: string): ChargeText {
  const { match, includesRecurring, order } = discount;
  const of = `${matchText(match)}${includesRecurring === true ? ' and fees' : ''}`;
  const amount =
    discount.kind === 'percent' ? `${discount.percent} % off` : `${discount.amount} ${currency} off a month`;
  return {
    what: 'discount',
    amount,
    when: `${of}, ${order === 'before-minimum' ? 'before' : 'after'} a minimum`,
    tax: '',
  };
}

function capText({ scope, amount, match, above }: Cap, currency: string): ChargeText {
  const rest = above === 'gap' ? 'a gap' : 'forgone';
  const most = `at most ${amount} ${currency} a ${scope === 'ticket' ? 'ticket' : 'month'}`;
  return { what: 'cap', amount: most, when: `${matchText(match)}, what is above is ${rest}`, tax: '' };
}

function allotmentText(allotment: NonNullable<PrepaidTerms['allotment']>): ChargeText {
  const { base, rollOver, rollOverPeriods, rollOverAtMost, proration } = allotment;
  const periods = rollOver === 'periods' ? (rollOverPeriods ?? 1) : 1;
  const months = periods === 1 ? 'the next month' : `${periods} months`;
  const most = rollOverAtMost === undefined ? '' : `, at most ${amountText(rollOverAtMost)}`;
  const lives = rollOver === 'none' ? 'what is left lapses' : `what is left lives for ${months}${most}`;
  const when = [lives, ...prorationText(proration)].join(', ');
  return { what: 'prepaid each month', amount: `${amountText(base)} a month`, when, tax: '' };
}

function blockText({ amount, price, purchasedOn, expiresOn }: PrepaidBlock): ChargeText {
  const cost = price === null ? 'paid elsewhere' : `${price.net.amount} ${price.net.currency}`;
  const good = expiresOn === null ? 'does not expire' : `good to ${expiresOn}`;
  const when = `once, on ${purchasedOn}, ${good}`;
  return { what: 'prepaid block', amount: `${amountText(amount)}: ${cost}`, when, tax: price?.taxCategory ?? '' };
}

function creditText(
  { target, priorities, credit, taxCategory }: ServiceCredit,
  currency: string,
  most?: string,
): ChargeText {
  const given = credit.kind === 'amount' ? `${credit.amount} ${currency}` : `${credit.percent} % of the month's fees`;
  const when = `each missed ${target}${prioritiesText(priorities)}, in all ${mostText(most, currency)}`;
  return { what: 'service credit', amount: `${given} back`, when, tax: taxCategory };
}

function creditByBreachesText(
  { target, priorities, steps, taxCategory }: CreditByBreaches,
  currency: string,
  most?: string,
): ChargeText {
  const each = steps.map(({ from, percent, amount }) =>
    percent === undefined
      ? `from ${from}: ${amount ?? ''} ${currency}`
      : `from ${from}: ${percent} % of the month's fees`,
  );
  const hasBoth = new Set(steps.map(({ percent }) => percent === undefined)).size === 2;
  const given = hasBoth ? `${each.join(', ')} back, never less than a step before` : `${each.join(', ')} back`;
  const missed = target === undefined ? 'targets' : `${target} targets`;
  const when = `by ${missed} missed in a month${prioritiesText(priorities)}, in all ${mostText(most, currency)}`;
  return { what: 'service credit', amount: given, when, tax: taxCategory };
}

function prioritiesText(priorities: readonly string[] | undefined): string {
  return priorities === undefined ? '' : ` of priority ${priorities.join(' or ')}`;
}

function mostText(most: string | undefined, currency: string): string {
  return `at most ${most === undefined ? "the month's fees" : `${most} ${currency} a month`}`;
}

/** `metro 45.00, others 120.00 AUD, at most 150.00`. */
function travelText({ price, cap, match, taxCategory }: TravelTerm, currency: string): ChargeText {
  const most = cap === undefined ? '' : `, at most ${cap}`;
  return {
    what: 'travel',
    amount: `${wayText(price, currency)}${most}`,
    when: `once a visit, ${matchText(match)}`,
    tax: taxCategory,
  };
}

function wayText(price: TravelTerm['price'], currency: string): string {
  switch (price.kind) {
    case 'zone-fee': {
      const others = price.otherZones === undefined ? [] : [`others ${price.otherZones}`];
      return `${[...price.zones.map(({ zone, fee }) => `${zone} ${fee}`), ...others].join(', ')} ${currency}`;
    }
    case 'hours': {
      const hourly =
        price.pricePerHour === undefined ? "the work's price of an hour" : `${price.pricePerHour} ${currency}/h`;
      const free = price.freeMinutes === undefined ? '' : `, ${price.freeMinutes} min free`;
      return `${hourly} x ${price.factor}, ${price.way}${free}`;
    }
    case 'kilometres': {
      const free = price.freeKilometres === undefined ? '' : `, ${price.freeKilometres} km free`;
      return `${price.pricePerKilometre} ${currency}/km, ${price.way}${free}`;
    }
    default:
      return unreachable(price);
  }
}

const CRITERIA = {
  kinds: 'kind',
  workTypes: 'work type',
  categories: 'category',
  ticketTypes: 'ticket type',
  priorities: 'priority',
  engineerRoles: 'role',
  sites: 'site',
  rateClasses: 'rate class',
} as const satisfies Readonly<Record<keyof CoverageMatch, string>>;

/** `work type onsite or remote; site depot`. */
function matchText(match: CoverageMatch = {}): string {
  const asked = (Object.keys(CRITERIA) as (keyof CoverageMatch)[]).flatMap((criterion) => {
    const values = match[criterion];
    return values === undefined ? [] : [`${CRITERIA[criterion]} ${values.join(' or ')}`];
  });
  return asked.length === 0 ? 'all work' : asked.join('; ');
}
