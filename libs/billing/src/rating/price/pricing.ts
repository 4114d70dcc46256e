import { type Decimal, type Minutes, Money, unreachable } from '@billtrail/kernel';
import type { RateCard, TermsInForce } from '@billtrail/contracts';
import type { Step } from '../../item/trace.js';
import { ByThree } from '../by-three.js';
import type { Assessed } from '../assessed.js';
import { workToCover } from '../coverage/matching.js';
import { isByCardAlone } from '../coverage/scope.js';
import type { WorkItem } from '../facts.js';
import { NO_DISCOUNT, PercentDiscounts, type PercentOff } from './discounts.js';
import { expenseRate, isLimited, materialRate, unlimitedExpenseRate } from './goods-rate.js';
import { type CardPrice, Labour, hourlyUnitPrice } from './labour.js';
import { BY_QUANTITY, type Price, afterDiscount, unpriced } from './price.js';
import { PricingUse } from './pricing-scopes.js';
import { priceInScope } from './scoped-price.js';
import { type HourlyRate, type LabourAsked, type Rate, labourRate, overrideRate } from './step-5-rate.js';
import { AS_THE_CARD_HAS_IT, isOfScope, multiplierOf, pricingOf } from './work-type-pricing.js';

type Time = Extract<WorkItem, { kind: 'time' }>;

/**
 * Prices work under the terms of one version. It lives for one call of `rate` and remembers what it computed: a client's month has thousands of
 * entries and a few dozen different pairs of rate and length, and decimal arithmetic is what rating spends its time on.
 */
export class Pricer {
  private readonly labour = new Map<string, ByThree<Labour>>();
  private readonly overridden = new Map<string, Labour>();
  private readonly discounts: PercentDiscounts | null;

  constructor(private readonly terms: TermsInForce) {
    this.discounts = terms.discounts === undefined ? null : new PercentDiscounts(terms.discounts);
  }

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
    const labour = this.labourFor(asked, NO_DISCOUNT);
    const { unitPrice } = labour.rate;
    return unitPrice === null ? null : hourlyUnitPrice(labour, unitPrice);
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
    const labour = this.labourFor({ workType, engineerRole, rateClass: one.rateClass }, NO_DISCOUNT);
    const price = isOfScope(labour.pricing)
      ? priceInScope(one, labour, labour.pricing, minutes, new PricingUse())
      : labour.byTheHour(minutes);
    return price.unpriced === null ? price.standard : null;
  }

  /** What the card lays on the price of an hour: the larger multiplier of rate class and work type, whatever price the very class has. */
  multiplierOf({ rateClass }: Assessed, { workType, engineerRole }: Time): Decimal {
    const { card, pricing } = this.labourFor({ workType, engineerRole, rateClass }, NO_DISCOUNT);
    return multiplierOf(card, rateClass, pricing, false).factor;
  }

  /** The price of other minutes of time that is billable, without regard to what a scope holds. null: it is not by the hour. */
  sameFor(one: Assessed, work: Time, minutes: Minutes): Price | null {
    const labour = this.labourOf(one, work);
    return isOfScope(labour.pricing) && work.override === undefined ? null : labour.byTheHour(minutes);
  }

  /**
   * The price of minutes of prepaid work that nothing covers (rating.md step 6): at the overage price where the terms state one, multiplied only
   * if they say so, else at the card's full price. null: as `sameFor`.
   */
  overage(one: Assessed, work: Time, minutes: Minutes): Price | null {
    const { pricePerHour = null, multiplied = false } = this.terms.prepaid?.overage ?? {};
    if (pricePerHour === null) return this.sameFor(one, work, minutes);
    const labour = this.labourOf(one, work);
    if (work.override !== undefined) return labour.byTheHour(minutes);
    if (labour.pricing?.mode === 'flat') return null;
    labour.overage ??= new Labour(
      {
        card: labour.card,
        rate: overageRate(Money.of(pricePerHour, this.terms.rateCard.currency), multiplied),
        pricing: null,
        // The overage price is not that of a class, even where the card has one.
        multiplier: multiplied ? multiplierOf(labour.card, one.rateClass, labour.pricing, false) : AS_THE_CARD_HAS_IT,
      },
      labour.off,
      true,
    );
    return labour.overage.byTheHour(minutes);
  }

  private priceTime(one: Assessed, work: Time, minutes: Minutes, scopes: PricingUse): Price {
    const labour = this.labourOf(one, work);
    if (work.override !== undefined) {
      const price = labour.byTheHour(minutes);
      return price.unpriced === null ? { ...price, standard: this.standardOf(one, minutes, '') } : price;
    }
    if (!isOfScope(labour.pricing)) return labour.byTheHour(minutes);
    return priceInScope(one, labour, labour.pricing, minutes, scopes);
  }

  private labourOf(one: Assessed, work: Time): Labour {
    const { workType, engineerRole, override } = work;
    const off = this.offOf(one);
    const asked = { workType, engineerRole, rateClass: one.rateClass };
    if (override === undefined) return this.labourFor(asked, off);
    const key = `${override.eventId}\u0000${off.key}`;
    let labour = this.overridden.get(key);
    if (labour === undefined) {
      const card = this.terms.rateCard;
      const rate = overrideRate(card, override);
      labour = new Labour({ card, rate, pricing: null, multiplier: AS_THE_CARD_HAS_IT }, off, true);
      this.overridden.set(key, labour);
    }
    return labour;
  }

  private labourFor(asked: LabourAsked, off: PercentOff): Labour {
    let known = this.labour.get(off.key);
    if (known === undefined) this.labour.set(off.key, (known = new ByThree()));
    const { workType, engineerRole, rateClass } = asked;
    let labour = known.get(workType, engineerRole, rateClass ?? '');
    if (labour === undefined) {
      labour = new Labour(onCard(this.terms.rateCard, asked), off, false);
      known.set(workType, engineerRole, rateClass ?? '', labour);
    }
    return labour;
  }

  /** The percent discounts about some work. */
  offOf({ work, ticket, rateClass, placement }: Assessed): PercentOff {
    const isOutOfScope = placement?.as === 'billable' && isByCardAlone(placement.rule.id);
    if (this.discounts === null || isOutOfScope) return NO_DISCOUNT;
    return this.discounts.of(workToCover(work, ticket, rateClass));
  }

  /** Its standard value is what it would be without the card's limit on its type. */
  private priceExpense(one: Assessed, work: Extract<WorkItem, { kind: 'expense' }>, quantity: string): Price {
    const card = this.terms.rateCard;
    const price = this.priceQuantity(one, expenseRate(card, work), quantity);
    if (price.unpriced !== null || !isLimited(card, work)) return price;
    const full = unlimitedExpenseRate(card, work).unitPrice;
    return full === null ? price : { ...price, standard: full.times(quantity) };
  }

  private priceQuantity(one: Assessed, rate: Rate, quantity: string): Price {
    const { unitPrice } = rate;
    if (unitPrice === null) return unpriced(rate);
    const exact = unitPrice.times(quantity);
    return afterDiscount(unitPrice, exact, exact, BY_QUANTITY, [rate.step], this.offOf(one));
  }
}

/** One pricer for the terms of each version of the call. */
export class Pricers {
  private readonly byTerms = new Map<TermsInForce, Pricer>();

  of(terms: TermsInForce): Pricer {
    let pricer = this.byTerms.get(terms);
    if (pricer === undefined) {
      pricer = new Pricer(terms);
      this.byTerms.set(terms, pricer);
    }
    return pricer;
  }
}

function onCard(card: RateCard, asked: LabourAsked): CardPrice {
  const pricing = pricingOf(card, asked.workType);
  const rate = labourRate(card, asked);
  // Only a price of an hour can be that of the very class: tiers and one price whatever the minutes are raised by it.
  const isByTheHour = pricing?.mode !== 'tiers' && pricing?.mode !== 'flat';
  const multiplier = multiplierOf(card, asked.rateClass, pricing, isByTheHour && rate.isOfClass);
  return { card, rate, pricing, multiplier };
}

function overageRate(unitPrice: Money, multiplied: boolean): HourlyRate {
  const step: Step = () => ({
    step: 'rate',
    text: `${unitPrice.toString()} an hour: overage of the contract${multiplied ? '' : ', which no multiplier raises'}`,
    facts: { overagePricePerHour: unitPrice.toJSON().amount, currency: unitPrice.currency },
  });
  return { unitPrice, unpriced: null, priceMinutes: 60, isOfClass: false, step };
}
