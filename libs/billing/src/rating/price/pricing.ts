import { type Minutes, Money, invariant, unreachable } from '@billtrail/kernel';
import type { ContractTerms, RateCard, WorkTypePricing } from '@billtrail/contracts';
import type { PriceBasis } from '../../item/basis.js';
import type { Step } from '../../item/trace.js';
import { ByThree } from '../by-three.js';
import type { Assessed } from '../assessed.js';
import { workToCover } from '../coverage/matching.js';
import type { WorkItem } from '../facts.js';
import { NO_DISCOUNT, type PercentOff, discounted, percentOff } from './discounts.js';
import { BY_QUANTITY, HOURLY, type Price, type PricedAt } from './price.js';
import { expenseRate, materialRate, unlimitedExpenseRate } from './goods-rate.js';
import { PricingUse, pricingScopeOf } from './pricing-scopes.js';
import { type HourlyRate, type LabourAsked, type Rate, labourRate, overrideRate, without } from './step-5-rate.js';
import {
  AS_THE_CARD_HAS_IT,
  type Multiplier,
  isOfScope,
  multiplierOf,
  priceInTiers,
  pricingOf,
  inTiers,
  tiersText,
} from './work-type-pricing.js';

/** Digits of a price of an hour that has no end (a day rate over 7 hours), for showing: amounts are computed from the exact price. */
const UNIT_PRICE_DIGITS = 6;

/** What prices the labour of one work type, role and rate class, with what is taken off. */
interface Labour {
  /** The one that has the price: the version's or the organisation's. */
  readonly card: RateCard;
  readonly rate: HourlyRate;
  readonly pricing: WorkTypePricing | null;
  readonly multiplier: Multiplier;
  readonly off: PercentOff;
  /** True for a price that a person set, or of overage: the card's own is told apart from it. */
  readonly isOwn: boolean;
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
  price(one: Assessed, minutes: Minutes, quantity: string, scopes: PricingUse): Price {
    const { work } = one;
    switch (work.kind) {
      case 'time':
        return this.priceTime(one, work, minutes, scopes);
      case 'material':
        return this.priceQuantity(one, materialRate(this.terms.rateCard, work), quantity);
      case 'expense':
        return this.priceExpense(one, work, quantity);
      default:
        return unreachable(work);
    }
  }

  /** The price of an hour under the card, without discounts; null: it has none, or does not price this work by the hour. */
  hourly(asked: LabourAsked): Money | null {
    const { rate, multiplier } = this.labourFor(asked, null);
    return rate.unitPrice === null ? null : hourOf(rate, rate.unitPrice, multiplier, 0);
  }

  /**
   * The card's price of work before cover, cap and discount, and whatever a person set: of its minutes, or its quantity, by themselves.
   * null: the card has none.
   */
  standardOf(one: Assessed, minutes: Minutes, quantity: string): Money | null {
    const { work } = one;
    if (work.kind !== 'time') {
      const card = this.terms.rateCard;
      const rate = work.kind === 'material' ? materialRate(card, work) : unlimitedExpenseRate(card, work);
      return rate.unitPrice?.times(quantity) ?? null;
    }
    const { workType, engineerRole } = work;
    const labour = this.labourFor({ workType, engineerRole, rateClass: one.rateClass }, null);
    const price = isOfScope(labour.pricing)
      ? priceInScope(one, labour, labour.pricing, minutes, new PricingUse())
      : byTheHour(labour, minutes);
    return price.unpriced === null ? price.standard : null;
  }

  /** The price of other minutes of time that is billable, without regard to what a scope holds. null: it is not by the hour. */
  sameFor(one: Assessed, work: Time, minutes: Minutes): Price | null {
    const labour = this.labourOf(one, work);
    return isOfScope(labour.pricing) && work.override === undefined ? null : byTheHour(labour, minutes);
  }

  /**
   * The price of minutes of prepaid work that nothing covers (rating.md step 6): at the overage price where the terms state one, multiplied only
   * if they say so, else at the card's full price. null: as `sameFor`.
   */
  overage(one: Assessed, work: Time, minutes: Minutes): Price | null {
    const { pricePerHour = null, multiplied = false } = this.terms.prepaid?.overage ?? {};
    if (pricePerHour === null) return this.sameFor(one, work, minutes);
    const labour = this.labourOf(one, work);
    if (work.override !== undefined) return byTheHour(labour, minutes);
    if (labour.pricing?.mode === 'flat') return null;
    labour.overage ??= {
      ...labour,
      rate: overageRate(Money.of(pricePerHour, this.terms.rateCard.currency), multiplied),
      pricing: null,
      multiplier: multiplied ? labour.multiplier : AS_THE_CARD_HAS_IT,
      isOwn: true,
      byMinutes: new Map(),
      overage: null,
    };
    return byTheHour(labour.overage, minutes);
  }

  private priceTime(one: Assessed, work: Time, minutes: Minutes, scopes: PricingUse): Price {
    const labour = this.labourOf(one, work);
    if (work.override !== undefined) {
      const price = byTheHour(labour, minutes);
      return price.unpriced === null ? { ...price, standard: this.standardOf(one, minutes, '') } : price;
    }
    if (!isOfScope(labour.pricing)) return byTheHour(labour, minutes);
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
        isOwn: true,
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
      labour = { ...this.lookUp(asked), off: off ?? NO_DISCOUNT, isOwn: false, byMinutes: new Map(), overage: null };
      known.set(workType, engineerRole, rateClass ?? '', labour);
    }
    return labour;
  }

  /** The version's card, else the organisation's: each with its own modes and multipliers. */
  private lookUp(asked: LabourAsked): Omit<Labour, 'off' | 'isOwn' | 'byMinutes' | 'overage'> {
    const own = onCard(this.terms.rateCard, asked);
    if (hasPrice(own) || this.organisationCard === null) return own;
    const fallback = onCard(this.organisationCard, asked);
    if (!hasPrice(fallback)) return own;
    if (fallback.card.currency === own.card.currency) return fallback;
    const { step } = own.rate;
    const lacks = without('rate', 'no-rate', () => {
      const { text, facts } = step();
      const { name, id, currency } = fallback.card;
      return [`${text}; the organisation's card ${name} (${id}) is in ${currency}`, facts];
    });
    return { ...own, rate: { ...own.rate, ...lacks } };
  }

  private offOf(one: Assessed): PercentOff | null {
    const { discounts } = this.terms;
    return discounts === undefined ? null : percentOff(discounts, workToCover(one.work, one.ticket, one.rateClass));
  }

  /** Its standard value is what it would be without the card's limit on its type. */
  private priceExpense(one: Assessed, work: Extract<WorkItem, { kind: 'expense' }>, quantity: string): Price {
    const card = this.terms.rateCard;
    const price = this.priceQuantity(one, expenseRate(card, work), quantity);
    const full = unlimitedExpenseRate(card, work).unitPrice;
    return price.unpriced !== null || full === null ? price : { ...price, standard: full.times(quantity) };
  }

  private priceQuantity(one: Assessed, rate: Rate, quantity: string): Price {
    if (rate.unitPrice === null) return unpriced(rate);
    const { unitPrice } = rate;
    return afterDiscount(
      unitPrice,
      unitPrice.times(quantity),
      BY_QUANTITY,
      [rate.step],
      this.offOf(one) ?? NO_DISCOUNT,
    );
  }
}

function unpriced(rate: Extract<Rate, { readonly unitPrice: null }>): Price {
  return { unitPrice: null, exact: null, unpriced: rate.unpriced, steps: [rate.step] };
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

function onCard(card: RateCard, asked: LabourAsked): Omit<Labour, 'off' | 'isOwn' | 'byMinutes' | 'overage'> {
  const pricing = pricingOf(card, asked.workType);
  const rate = labourRate(card, asked);
  // Only a price of an hour can be that of the very class: tiers and one price whatever the minutes are raised by it.
  const isByTheHour = pricing?.mode !== 'tiers' && pricing?.mode !== 'flat';
  const multiplier = multiplierOf(card, asked.rateClass, pricing, isByTheHour && rate.isOfClass);
  return { card, rate, pricing, multiplier };
}

/** True where the card prices the work: by the hour, or so that no price of an hour is needed. */
function hasPrice({ rate, pricing }: Pick<Labour, 'rate' | 'pricing'>): boolean {
  return rate.unitPrice !== null || pricing?.mode === 'flat' || pricing?.mode === 'tiers';
}

function overageRate(unitPrice: Money, multiplied: boolean): HourlyRate {
  const step: Step = () => ({
    step: 'rate',
    text: `${unitPrice.toString()} an hour: overage of the contract${multiplied ? '' : ', which no multiplier raises'}`,
    facts: { overagePricePerHour: unitPrice.toJSON().amount, currency: unitPrice.currency },
  });
  return { unitPrice, unpriced: null, priceMinutes: 60, isOfClass: false, step };
}

/** The exact price of minutes at a rate: multiplied first, divided last. */
function minutesAt(rate: HourlyRate, unitPrice: Money, { factor }: Multiplier, minutes: Minutes): Money {
  return unitPrice.times(factor).times(minutes).dividedBy(rate.priceMinutes);
}

function hourOf(rate: HourlyRate, unitPrice: Money, multiplier: Multiplier, onTop: string | number): Money {
  return shown(minutesAt(rate, unitPrice, multiplier, 60).plus(Money.of(onTop, unitPrice.currency)));
}

/** With the stated price, where that is for other minutes than an hour's. */
function asStated(
  basis: PriceBasis,
  { priceMinutes }: HourlyRate,
  unitPrice: Money,
  { factor }: Multiplier,
  onTop: string,
): PriceBasis {
  if (priceMinutes === 60) return basis;
  const ofMinutes = Money.of(onTop, unitPrice.currency).times(priceMinutes).dividedBy(60);
  return { ...basis, per: { price: unitPrice.times(factor).plus(ofMinutes).toJSON().amount, minutes: priceMinutes } };
}

function byTheHour(labour: Labour, minutes: Minutes): Price {
  let price = labour.byMinutes.get(minutes);
  if (price === undefined) {
    price = hourlyPrice(labour, minutes);
    labour.byMinutes.set(minutes, price);
  }
  return price;
}

function hourlyPrice({ card, rate, pricing, multiplier, off, isOwn }: Labour, minutes: Minutes): Price {
  if (rate.unitPrice === null) return unpriced(rate);
  const { unitPrice } = rate;
  const steps: Step[] = [rate.step, ...multiplier.steps];
  let exact = minutesAt(rate, unitPrice, multiplier, minutes);
  let onTop = '0';
  if (pricing?.mode === 'amount-on-top' && pricing.per === 'hour') {
    const { amount, workType } = pricing;
    onTop = amount;
    exact = exact.plus(Money.of(amount, card.currency).times(minutes).dividedBy(60));
    steps.push(() => ({
      step: 'rate',
      text: `${amount} ${card.currency} on top of each hour of ${workType}`,
      facts: { mode: 'amount-on-top', amount, per: 'hour' },
    }));
  }
  const hour = hourOf(rate, unitPrice, multiplier, onTop);
  const price = afterDiscount(hour, exact, asStated(HOURLY, rate, unitPrice, multiplier, onTop), steps, off);
  return isOwn ? { ...price, standard: null } : price;
}

function afterDiscount(
  unitPrice: Money,
  standard: Money,
  basis: PriceBasis,
  steps: readonly Step[],
  off: PercentOff,
): PricedAt {
  const less = discounted(standard, off);
  return {
    unitPrice,
    exact: less.exact,
    standard,
    basis,
    discount: less.basis,
    unpriced: null,
    steps: less.steps.length === 0 ? steps : [...steps, ...less.steps],
  };
}

/** A price that is counted over an entry, a ticket's day or a ticket: tiers, one price, or an amount once. */
function priceInScope(
  one: Assessed,
  labour: Labour,
  pricing: WorkTypePricing | null,
  minutes: Minutes,
  scopes: PricingUse,
): Price {
  if (pricing === null || pricing.mode === 'multiplier') return byTheHour(labour, minutes);
  const scope = pricingScopeOf(one, pricing);
  const before = scopes.before(scope);
  const { card } = labour;
  const common: ScopeFacts = {
    rateCardId: card.id,
    currency: card.currency,
    mode: pricing.mode,
    per: pricing.per,
    pricedOver: scope,
    minutesBefore: before.billableMinutes,
    charged: !before.isCharged,
  };
  switch (pricing.mode) {
    case 'tiers':
      scopes.add(scope, minutes);
      return tiersPrice(labour, pricing, minutes, common);
    case 'flat':
      scopes.add(scope, minutes);
      return flatPrice(one, labour, pricing, common);
    case 'amount-on-top': {
      if (labour.rate.unitPrice === null) return unpriced(labour.rate);
      scopes.add(scope, minutes);
      return onTopPrice(labour, labour.rate.unitPrice, pricing, minutes, common);
    }
    default:
      return unreachable(pricing);
  }
}

/** What the step of a shared price states. */
interface ScopeFacts {
  readonly rateCardId: string;
  readonly currency: string;
  readonly mode: 'tiers' | 'flat' | 'amount-on-top';
  readonly per: string;
  readonly pricedOver: string;
  readonly minutesBefore: Minutes;
  readonly charged: boolean;
}

function basisOf({ mode, pricedOver: scope }: ScopeFacts, charged: boolean, flat: Money | null = null): PriceBasis {
  return { mode, scope, charged, flatPrice: flat === null ? null : { amount: flat.plain(), currency: flat.currency } };
}

function tiersPrice(
  { card, multiplier, off }: Labour,
  { tiers, per }: Extract<WorkTypePricing, { mode: 'tiers' }>,
  minutes: Minutes,
  facts: ScopeFacts,
): Price {
  const { minutesBefore } = facts;
  const price = priceInTiers(tiers, minutesBefore, minutes, card.currency).times(multiplier.factor);
  const step: Step = () => ({
    step: 'rate',
    text: `${tiersText(tiers, minutesBefore, minutes)} of the ${per}: rate card ${card.name} (${card.id})`,
    facts: { ...facts, charged: false },
  });
  const perHour = minutes === 0 ? price : price.times(60).dividedBy(minutes);
  const basis: PriceBasis = {
    ...basisOf(facts, false),
    tiers: inTiers(tiers, minutesBefore, minutes).map(({ inTier, pricePerHour }) => ({
      minutes: inTier,
      pricePerHour: Money.of(pricePerHour, card.currency).times(multiplier.factor).toJSON().amount,
    })),
  };
  return afterDiscount(shown(perHour), price, basis, [step, ...multiplier.steps], off);
}

function flatPrice(
  one: Assessed,
  labour: Labour,
  pricing: Extract<WorkTypePricing, { mode: 'flat' }>,
  facts: ScopeFacts,
): Price {
  const { card, multiplier, off } = labour;
  const whole = Money.of(pricing.price, card.currency).times(multiplier.factor);
  const rest = restOfFlat(one, labour, whole, facts);
  if (rest !== null) return rest;
  const { charged } = facts;
  const price = charged ? whole : Money.zero(card.currency);
  const step: Step = () => ({
    step: 'rate',
    text: charged
      ? `${pricing.price} ${card.currency} for the ${pricing.per}, whatever the minutes: rate card ${card.name} (${card.id})`
      : `the price of the ${pricing.per} is on earlier work: nothing more for this`,
    facts: charged ? { ...facts, flatPrice: whole.plain() } : { ...facts },
  });
  return afterDiscount(price, price, basisOf(facts, charged, charged ? whole : null), [step, ...multiplier.steps], off);
}

function onTopPrice(
  { card, rate, multiplier, off }: Labour,
  unitPrice: Money,
  pricing: Extract<WorkTypePricing, { mode: 'amount-on-top' }>,
  minutes: Minutes,
  facts: ScopeFacts,
): Price {
  const { charged } = facts;
  const exact = minutesAt(rate, unitPrice, multiplier, minutes).plus(
    Money.of(charged ? pricing.amount : 0, card.currency),
  );
  const step: Step = () => ({
    step: 'rate',
    text: charged
      ? `${pricing.amount} ${card.currency} on top, once for the ${pricing.per}`
      : `the amount on top of the ${pricing.per} is on earlier work`,
    facts: { ...facts, amount: pricing.amount },
  });
  const steps = [rate.step, ...multiplier.steps, step];
  const basis = asStated(basisOf(facts, charged), rate, unitPrice, multiplier, '0');
  const price = afterDiscount(hourOf(rate, unitPrice, multiplier, 0), exact, basis, steps, off);
  return charged ? { ...price, once: { amount: pricing.amount, per: pricing.per } } : price;
}

/** Of one price that a block or a cap cut, and of which a part is settled: what is left of it. null: no such part is settled. */
function restOfFlat(one: Assessed, { off }: Labour, whole: Money, facts: ScopeFacts): Price | null {
  const taken = one.isRest ? (one.earlier?.takenOfFlatPrice(whole.currency) ?? []) : [];
  if (taken.length === 0) return null;
  const { exact: asked } = discounted(whole, off);
  const open = asked.minus(Money.sum(taken, whole.currency));
  const left = open.isNegative() ? Money.zero(open.currency) : open;
  const charged = !left.isZero();
  invariant(!left.isNegative(), 'less than nothing is left of one price');
  invariant(asked.minus(left).compare(asked) <= 0, 'more is settled of one price than it is');
  const share = asked.isZero() ? '0' : left.value.div(asked.value).toDecimalPlaces(UNIT_PRICE_DIGITS).toFixed();
  const step: Step = () => {
    const less = asked.equals(whole) ? '' : ` (${asked.toString()} after its discount)`;
    return {
      step: 'rate',
      text: `of ${whole.toString()}${less}, whatever the minutes, ${asked.minus(left).toString()} is frozen: ${left.toString()} is left`,
      facts: { ...facts, charged, flatPrice: whole.plain() },
    };
  };
  return {
    unitPrice: whole,
    exact: left,
    standard: whole.times(share),
    basis: basisOf(facts, charged, whole),
    discount: null,
    unpriced: null,
    steps: [step],
    flatShare: share,
  };
}

function shown(price: Money): Money {
  return price.value.decimalPlaces() <= 12
    ? price
    : Money.of(price.value.toDecimalPlaces(UNIT_PRICE_DIGITS), price.currency);
}
