import { type Minutes, Money, unreachable } from '@billtrail/kernel';
import type { ContractTerms, RateCard, WorkTypePricing } from '@billtrail/contracts';
import { ByThree } from '../by-three.js';
import type { Assessed } from '../assessed.js';
import { workToCover } from '../coverage/matching.js';
import { NO_DISCOUNT, type PercentOff, discounted, percentOff } from './discounts.js';
import type { WorkItem } from '../facts.js';
import { unpricedStep } from '../coverage/placement.js';
import { type PricingScopes, pricingScopeOf } from './pricing-scopes.js';
import {
  type HourlyRate,
  type LabourAsked,
  type Rate,
  expenseRate,
  labourRate,
  materialRate,
  overrideRate,
} from './step-5-rate.js';
import type { Trace, TraceStep } from '../../item/trace.js';
import {
  AS_THE_CARD_HAS_IT,
  type Multiplier,
  isOfScope,
  multiplierOf,
  priceInTiers,
  pricingOf,
  tiersText,
} from './work-type-pricing.js';

/** Digits of a price of an hour that has no end (a day rate over 7 hours), for showing: amounts are computed from the exact price. */
const UNIT_PRICE_DIGITS = 6;

/** What step 5 makes of a piece of work, after percent discounts and before the one rounding. */
export interface Price {
  /** null: there is no price, and the last step says why. */
  readonly unitPrice: Money | null;
  readonly exact: Money | null;
  readonly steps: Trace;
  /** Of one price whatever the minutes: the share of it that is not frozen yet. Absent: all of it, or a price by minutes. */
  readonly flatShare?: string;
}

/** What prices the labour of one work type, role and rate class, with what is taken off. */
interface Labour {
  /** The one that has the price: the version's or the organisation's. */
  readonly card: RateCard;
  readonly rate: HourlyRate;
  readonly pricing: WorkTypePricing | null;
  readonly multiplier: Multiplier;
  readonly off: PercentOff;
  readonly byMinutes: Map<Minutes, Price>;
  /** The same work where it is prepaid and nothing covers it; null: nobody asked yet. */
  overage: Labour | null;
}

type Time = Extract<WorkItem, { kind: 'time' }>;

/**
 * Prices work under the terms of one version. It lives for one call of `rate` and remembers what it computed: a client's month has thousands of
 * entries and a few dozen different pairs of rate and length, and decimal arithmetic is what rating spends its time on.
 */
export class Pricer {
  private readonly labour = new Map<string, ByThree<Labour>>();
  private readonly overridden = new Map<string, Labour>();

  constructor(
    private readonly terms: ContractTerms,
    private readonly organisationCard: RateCard | null,
  ) {}

  /** Of time its billable minutes, of materials their quantity. In the order of rating: some prices are those of a scope. */
  price(one: Assessed, minutes: Minutes, quantity: string, scopes: PricingScopes): Price {
    const { work } = one;
    switch (work.kind) {
      case 'time':
        return this.priceTime(one, work, minutes, scopes);
      case 'material':
        return this.priceQuantity(one, materialRate(this.terms.rateCard, work), quantity);
      case 'expense':
        return this.priceQuantity(one, expenseRate(this.terms.rateCard, work), quantity);
      default:
        return unreachable(work);
    }
  }

  /** The price of an hour under the card, without discounts; null: it has none, or does not price this work by the hour. */
  hourly(asked: LabourAsked): Money | null {
    const { rate, multiplier } = this.labourFor(asked, null);
    return rate.unitPrice === null ? null : hourOf(rate, multiplier, 0);
  }

  /** The price of other minutes of time that is billable, without regard to what a scope holds. null: it is not by the hour. */
  sameFor(one: Assessed, work: Time, minutes: Minutes): Price | null {
    const labour = this.labourOf(one, work);
    return isOfScope(labour.pricing) && work.override === undefined ? null : byTheHour(labour, minutes);
  }

  /** The price of minutes of prepaid work that nothing covers (rating.md step 6). null: as `sameFor`. */
  overage(one: Assessed, work: Time, minutes: Minutes): Price | null {
    const { overage } = this.terms.prepaid ?? {};
    const labour = this.labourOf(one, work);
    if (work.override !== undefined) return byTheHour(labour, minutes);
    const isFlat = labour.pricing?.mode === 'flat';
    if (isFlat || (isOfScope(labour.pricing) && (overage?.pricePerHour ?? null) === null)) return null;
    labour.overage ??= {
      ...labour,
      rate: overageRate(this.terms, labour.rate),
      pricing: null,
      multiplier: overage?.multiplied === true ? labour.multiplier : AS_THE_CARD_HAS_IT,
      byMinutes: new Map(),
      overage: null,
    };
    return byTheHour(labour.overage, minutes);
  }

  private priceTime(one: Assessed, work: Time, minutes: Minutes, scopes: PricingScopes): Price {
    const labour = this.labourOf(one, work);
    if (work.override !== undefined || !isOfScope(labour.pricing)) return byTheHour(labour, minutes);
    return priceInScope(one, labour, labour.pricing, minutes, scopes);
  }

  private labourOf(one: Assessed, work: Time): Labour {
    const { workType, engineerRole, override } = work;
    const off = this.offOf(one);
    const asked = { workType, engineerRole, rateClass: one.rateClass };
    if (override === undefined) return this.labourFor(asked, off);
    const key = `${override.eventId}\u0000${off?.key ?? ''}`;
    let labour = this.overridden.get(key);
    if (labour === undefined) {
      const card = this.terms.rateCard;
      const rate = overrideRate(card, override);
      labour = {
        card,
        rate,
        pricing: null,
        multiplier: AS_THE_CARD_HAS_IT,
        off: off ?? NO_DISCOUNT,
        byMinutes: new Map(),
        overage: null,
      };
      this.overridden.set(key, labour);
    }
    return labour;
  }

  private labourFor(asked: LabourAsked, off: PercentOff | null): Labour {
    const less = off?.key ?? '';
    let known = this.labour.get(less);
    if (known === undefined) this.labour.set(less, (known = new ByThree()));
    const { workType, engineerRole, rateClass } = asked;
    let labour = known.get(workType, engineerRole, rateClass ?? '');
    if (labour === undefined) {
      labour = { ...this.lookUp(asked), off: off ?? NO_DISCOUNT, byMinutes: new Map(), overage: null };
      known.set(workType, engineerRole, rateClass ?? '', labour);
    }
    return labour;
  }

  /** The version's card, else the organisation's: each with its own modes and multipliers. */
  private lookUp(asked: LabourAsked): Omit<Labour, 'off' | 'byMinutes' | 'overage'> {
    const own = onCard(this.terms.rateCard, asked);
    if (hasPrice(own) || this.organisationCard === null) return own;
    const fallback = onCard(this.organisationCard, asked);
    if (!hasPrice(fallback)) return own;
    if (fallback.card.currency === own.card.currency) return fallback;
    const text = `${own.rate.step.text}; the organisation's card ${fallback.card.name} (${fallback.card.id}) is in ${fallback.card.currency}`;
    return { ...own, rate: { ...own.rate, step: unpricedStep('rate', 'no-rate', text, own.rate.step.facts) } };
  }

  private offOf(one: Assessed): PercentOff | null {
    const { discounts } = this.terms;
    return discounts === undefined ? null : percentOff(discounts, workToCover(one.work, one.ticket, one.rateClass));
  }

  private priceQuantity(one: Assessed, rate: Rate, quantity: string): Price {
    if (rate.unitPrice === null) return { unitPrice: null, exact: null, steps: [rate.step] };
    const { exact, step } = discounted(rate.unitPrice.times(quantity), this.offOf(one) ?? NO_DISCOUNT);
    return { unitPrice: rate.unitPrice, exact, steps: step === null ? [rate.step] : [rate.step, step] };
  }
}

/** One pricer for the terms of each version of the call. */
export class Pricers {
  private readonly byTerms = new Map<ContractTerms, Pricer>();

  constructor(private readonly organisationCard: RateCard | null) {}

  of(terms: ContractTerms): Pricer {
    let pricer = this.byTerms.get(terms);
    if (pricer === undefined) {
      pricer = new Pricer(terms, this.organisationCard);
      this.byTerms.set(terms, pricer);
    }
    return pricer;
  }
}

function onCard(card: RateCard, asked: LabourAsked): Omit<Labour, 'off' | 'byMinutes' | 'overage'> {
  const pricing = pricingOf(card, asked.workType);
  const rate = labourRate(card, asked);
  return { card, rate, pricing, multiplier: multiplierOf(card, asked.rateClass, pricing, rate.isOfClass) };
}

/** True where the card prices the work: by the hour, or so that no price of an hour is needed. */
function hasPrice({ rate, pricing }: Pick<Labour, 'rate' | 'pricing'>): boolean {
  return rate.unitPrice !== null || pricing?.mode === 'flat' || pricing?.mode === 'tiers';
}

function overageRate(terms: ContractTerms, card: HourlyRate): HourlyRate {
  const price = terms.prepaid?.overage?.pricePerHour ?? null;
  if (price === null) return card;
  const unitPrice = Money.of(price, terms.rateCard.currency);
  const text = `${unitPrice.toString()} an hour: overage of the contract`;
  const facts = { overagePricePerHour: unitPrice.toJSON().amount, currency: unitPrice.currency };
  return { unitPrice, priceMinutes: 60, isOfClass: false, step: { step: 'rate', text, facts } };
}

/** The exact price of minutes at a rate: multiplied first, divided last. */
function minutesAt(rate: HourlyRate, unitPrice: Money, { factor }: Multiplier, minutes: Minutes): Money {
  return unitPrice.times(factor).times(minutes).dividedBy(rate.priceMinutes);
}

function hourOf(rate: HourlyRate, multiplier: Multiplier, onTop: string | number): Money | null {
  if (rate.unitPrice === null) return null;
  const hour = minutesAt(rate, rate.unitPrice, multiplier, 60).plus(Money.of(onTop, rate.unitPrice.currency));
  return shown(hour);
}

function byTheHour(labour: Labour, minutes: Minutes): Price {
  let price = labour.byMinutes.get(minutes);
  if (price === undefined) {
    price = hourlyPrice(labour, minutes);
    labour.byMinutes.set(minutes, price);
  }
  return price;
}

function hourlyPrice({ card, rate, pricing, multiplier, off }: Labour, minutes: Minutes): Price {
  if (rate.unitPrice === null) return { unitPrice: null, exact: null, steps: [rate.step] };
  const onTop = pricing?.mode === 'amount-on-top' && pricing.per === 'hour' ? pricing.amount : null;
  let exact = minutesAt(rate, rate.unitPrice, multiplier, minutes);
  const steps = multiplier.step === null ? [rate.step] : [rate.step, multiplier.step];
  if (onTop !== null) {
    exact = exact.plus(Money.of(onTop, card.currency).times(minutes).dividedBy(60));
    const text = `${onTop} ${card.currency} on top of each hour of ${pricing?.workType}`;
    steps.push({ step: 'rate', text, facts: { mode: 'amount-on-top', amount: onTop, per: 'hour' } });
  }
  return afterDiscount(hourOf(rate, multiplier, onTop ?? 0), exact, steps, off);
}

function afterDiscount(unitPrice: Money | null, exact: Money, steps: readonly TraceStep[], off: PercentOff): Price {
  const less = discounted(exact, off);
  return { unitPrice, exact: less.exact, steps: less.step === null ? steps : [...steps, less.step] };
}

/** A price that is counted over an entry, a ticket's day or a ticket: tiers, one price, or an amount once. */
function priceInScope(
  one: Assessed,
  labour: Labour,
  pricing: WorkTypePricing | null,
  minutes: Minutes,
  scopes: PricingScopes,
): Price {
  const { card, rate, multiplier, off } = labour;
  if (pricing === null || pricing.mode === 'multiplier') return byTheHour(labour, minutes);
  const scope = pricingScopeOf(one, pricing);
  const before = scopes.before(scope);
  const facts = { rateCardId: card.id, currency: card.currency, mode: pricing.mode, per: pricing.per };
  const stepFacts = { ...facts, pricedOver: scope, minutesBefore: before.billableMinutes, charged: !before.isCharged };
  const multiplied = multiplier.step === null ? [] : [multiplier.step];
  switch (pricing.mode) {
    case 'tiers': {
      const tiers = priceInTiers(pricing.tiers, before.billableMinutes, minutes, card.currency).times(
        multiplier.factor,
      );
      scopes.add(scope, minutes);
      const text = `${tiersText(pricing.tiers, before.billableMinutes, minutes)} of the ${pricing.per}: rate card ${card.name} (${card.id})`;
      const steps: TraceStep[] = [{ step: 'rate', text, facts: { ...stepFacts, charged: false } }, ...multiplied];
      const perHour = minutes === 0 ? tiers : tiers.times(60).dividedBy(minutes);
      return afterDiscount(shown(perHour), tiers, steps, off);
    }
    case 'flat': {
      scopes.add(scope, minutes);
      const whole = Money.of(pricing.price, card.currency).times(multiplier.factor);
      const flatFacts = { ...stepFacts, flatPrice: whole.plain() };
      const rest = restOfFlat(one, labour, whole, flatFacts);
      if (rest !== null) return rest;
      const price = before.isCharged ? Money.zero(card.currency) : whole;
      const text = before.isCharged
        ? `the price of the ${pricing.per} is on earlier work: nothing more for this`
        : `${pricing.price} ${card.currency} for the ${pricing.per}, whatever the minutes: rate card ${card.name} (${card.id})`;
      return afterDiscount(
        price,
        price,
        [{ step: 'rate', text, facts: before.isCharged ? stepFacts : flatFacts }, ...multiplied],
        off,
      );
    }
    case 'amount-on-top': {
      if (rate.unitPrice === null) return { unitPrice: null, exact: null, steps: [rate.step] };
      scopes.add(scope, minutes);
      const amount = Money.of(before.isCharged ? 0 : pricing.amount, card.currency);
      const text = before.isCharged
        ? `the amount on top of the ${pricing.per} is on earlier work`
        : `${pricing.amount} ${card.currency} on top, once for the ${pricing.per}`;
      const exact = minutesAt(rate, rate.unitPrice, multiplier, minutes).plus(amount);
      const steps: TraceStep[] = [
        rate.step,
        ...multiplied,
        { step: 'rate', text, facts: { ...stepFacts, amount: pricing.amount } },
      ];
      return afterDiscount(hourOf(rate, multiplier, 0), exact, steps, off);
    }
    default:
      return unreachable(pricing);
  }
}

/** Of one price that a block or a cap cut, and of which a part is frozen: what is left of it. null: no such part is frozen. */
function restOfFlat(one: Assessed, { off }: Labour, whole: Money, facts: TraceStep['facts']): Price | null {
  const parts = one.isRest ? (one.frozen?.parts ?? []) : [];
  const charged = parts.filter(({ item }) =>
    item.trace.some((step) => step.facts['mode'] === 'flat' && step.facts['charged'] === true),
  );
  if (charged.length === 0) return null;
  const { exact: asked } = discounted(whole, off);
  let left = asked;
  for (const { item } of charged) {
    const taken =
      item.draw === undefined ? item.net : item.draw.amount.unit === 'money' ? item.draw.amount.money : null;
    if (taken?.currency === left.currency) left = left.minus(Money.from(taken));
  }
  if (left.isNegative()) left = Money.zero(left.currency);
  const less = asked.equals(whole) ? '' : ` (${asked.toString()} after its discount)`;
  const text = `of ${whole.toString()}${less}, whatever the minutes, ${asked.minus(left).toString()} is frozen: ${left.toString()} is left`;
  const share = asked.isZero() ? '0' : left.value.div(asked.value).toDecimalPlaces(UNIT_PRICE_DIGITS).toFixed();
  const steps: TraceStep[] = [{ step: 'rate', text, facts: { ...facts, charged: !left.isZero() } }];
  return { unitPrice: whole, exact: left, steps, flatShare: share };
}

function shown(price: Money): Money {
  return price.value.decimalPlaces() <= 12
    ? price
    : Money.of(price.value.toDecimalPlaces(UNIT_PRICE_DIGITS), price.currency);
}
