import { type Minutes, Money, unreachable } from '@billtrail/kernel';
import type { WorkTypePricing } from '@billtrail/contracts';
import type { PriceBasis } from '../../item/basis.js';
import type { Step } from '../../item/trace.js';
import type { Assessed } from '../assessed.js';
import { discounted } from './discounts.js';
import { type Labour, asStated, hourlyUnitPrice } from './labour.js';
import { type Price, UNIT_PRICE_DIGITS, afterDiscount, shown, unpriced } from './price.js';
import { type PricingUse, pricingScopeOf } from './pricing-scopes.js';
import { inTiers, priceInTiers, tiersText } from './work-type-pricing.js';
import { cardText } from './card-text.js';

/** A price that is counted over an entry, a ticket's day or a ticket: tiers, one price, or an amount once. */
export function priceInScope(
  one: Assessed,
  labour: Labour,
  pricing: WorkTypePricing | null,
  minutes: Minutes,
  scopes: PricingUse,
): Price {
  if (pricing === null || pricing.mode === 'multiplier') return labour.byTheHour(minutes);
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
    text: `${tiersText(tiers, minutesBefore, minutes)} of the ${per}: ${cardText(card)}`,
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
  return afterDiscount(shown(perHour), price, price, basis, [step, ...multiplier.steps], off);
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
      ? `${pricing.price} ${card.currency} for the ${pricing.per}, whatever the minutes: ${cardText(card)}`
      : `the price of the ${pricing.per} is on earlier work: nothing more for this`,
    facts: charged ? { ...facts, flatPrice: whole.plain() } : { ...facts },
  });
  const basis = basisOf(facts, charged, charged ? whole : null);
  return afterDiscount(price, price, price, basis, [step, ...multiplier.steps], off);
}

function onTopPrice(
  labour: Labour,
  unitPrice: Money,
  pricing: Extract<WorkTypePricing, { mode: 'amount-on-top' }>,
  minutes: Minutes,
  facts: ScopeFacts,
): Price {
  const { card, rate, multiplier, off } = labour;
  const { charged } = facts;
  const raised = unitPrice.times(multiplier.factor);
  const worked = raised.times(minutes).dividedBy(rate.priceMinutes);
  const exact = charged ? worked.plus(Money.of(pricing.amount, card.currency)) : worked;
  const step: Step = () => ({
    step: 'rate',
    text: charged
      ? `${pricing.amount} ${card.currency} on top, once for the ${pricing.per}`
      : `the amount on top of the ${pricing.per} is on earlier work`,
    facts: { ...facts, amount: pricing.amount },
  });
  const steps = [rate.step, ...multiplier.steps, step];
  const basis = asStated(basisOf(facts, charged), rate, raised, null);
  const price = afterDiscount(hourlyUnitPrice(labour, unitPrice), exact, exact, basis, steps, off);
  return charged ? { ...price, once: { amount: pricing.amount, per: pricing.per } } : price;
}

/**
 * Of one price that a block or a cap cut, and of which a part is settled: what is left of it. Where more of it is settled than it is by now nothing is
 * left, and what is too much is a gap of the settled part. null: no such part is settled.
 */
function restOfFlat(one: Assessed, { off }: Labour, whole: Money, facts: ScopeFacts): Price | null {
  const taken = one.isRest ? (one.earlier?.takenOfFlatPrice(whole.currency) ?? []) : [];
  if (taken.length === 0) return null;
  const { exact: asked } = discounted(whole, off);
  const open = asked.minus(Money.sum(taken, whole.currency));
  const left = open.isNegative() ? Money.zero(open.currency) : open;
  const charged = !left.isZero();
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
