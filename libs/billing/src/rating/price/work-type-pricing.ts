import { Decimal, type Minutes, Money, invariant, unreachable } from '@billtrail/kernel';
import {
  type PriceTier,
  type RateCard,
  type RateClass,
  type RoundingScope,
  type WorkTypePricing,
  isCommonClass,
} from '@billtrail/contracts';
import type { Step } from '../../item/trace.js';

/** How the card prices a work type otherwise than by the hour; null: by the hour. */
export function pricingOf(card: RateCard, workType: string): WorkTypePricing | null {
  return card.workTypes?.find((one) => one.workType === workType) ?? null;
}

/** A factor on the price, with the step that says which won. */
export interface Multiplier {
  readonly factor: Decimal;
  /** Empty: the price is as the card has it. */
  readonly steps: readonly Step[];
}

export const AS_THE_CARD_HAS_IT: Multiplier = { factor: new Decimal(1), steps: [] };

/**
 * The factor of a rate class and of a work type: they do not multiply, the larger wins (rating.md step 5). A class that the card
 * does not list has none, so that a work type at half the price stays at half.
 */
export function multiplierOf(
  card: RateCard,
  rateClass: RateClass | null,
  pricing: WorkTypePricing | null,
  hasClassPrice: boolean,
): Multiplier {
  const ofClass = hasClassPrice
    ? undefined
    : card.rateClassMultipliers?.find((one) => one.rateClass === rateClass)?.multiplier;
  const ofWorkType = pricing?.mode === 'multiplier' ? pricing.multiplier : undefined;
  if (ofClass === undefined && ofWorkType === undefined) {
    if (rateClass === null || hasClassPrice || isCommonClass(rateClass)) return AS_THE_CARD_HAS_IT;
    return { factor: AS_THE_CARD_HAS_IT.factor, steps: [() => withoutOwnPrice(card, rateClass)] };
  }
  const classWins = ofWorkType === undefined || (ofClass !== undefined && new Decimal(ofClass).gt(ofWorkType));
  const factor = new Decimal((classWins ? ofClass : ofWorkType) ?? 1);
  const step: Step = () => {
    const taken = classWins ? `${rateClass}` : `work type ${pricing?.workType}`;
    const other =
      ofClass === undefined || ofWorkType === undefined ? '' : ` (of ${ofClass} and ${ofWorkType} the larger wins)`;
    return {
      step: 'multiplier',
      text: `x ${factor.toFixed()} for ${taken}${other}`,
      facts: {
        multiplier: factor.toFixed(),
        taken: classWins ? 'rate-class' : 'work-type',
        rateClass,
        rateClassMultiplier: ofClass ?? null,
        workTypeMultiplier: ofWorkType ?? null,
        rateCardId: card.id,
      },
    };
  };
  return { factor, steps: [step] };
}

/** What is told of a class that somebody named and the card does not price: it has the price of any class. */
function withoutOwnPrice({ id, name }: RateCard, rateClass: RateClass): ReturnType<Step> {
  return {
    step: 'multiplier',
    text: `x 1: ${rateClass} has no price of its own on rate card ${name} (${id}), so the price of any class holds`,
    facts: { multiplier: '1', taken: 'none', rateClass, rateCardId: id },
  };
}

/** True for a price that the other work of its scope has a part in: it is worked out in the order of rating. */
export function isOfScope(pricing: WorkTypePricing | null): boolean {
  if (pricing === null) return false;
  switch (pricing.mode) {
    case 'multiplier':
      return false;
    case 'amount-on-top':
      return pricing.per !== 'hour';
    case 'flat':
    case 'tiers':
      return true;
    default:
      return unreachable(pricing);
  }
}

/** What a price is counted over; null: over nothing but its own minutes. */
export function scopeOfPricing(pricing: WorkTypePricing): RoundingScope | null {
  if (pricing.mode === 'multiplier') return null;
  return pricing.per === 'hour' ? null : pricing.per;
}

/** What a scope held before a piece of work, frozen work first. */
export interface ScopeSoFar {
  readonly billableMinutes: Minutes;
  /** True where a piece of work already carries what is charged once. */
  readonly isCharged: boolean;
}

/** The price of minutes that come after others in their tiers, before any multiplier; divided by 60 once, at the end. */
export function priceInTiers(tiers: readonly PriceTier[], before: Minutes, minutes: Minutes, currency: string): Money {
  let sum = new Decimal(0);
  for (const { inTier, pricePerHour } of inTiers(tiers, before, minutes))
    sum = sum.plus(new Decimal(pricePerHour).times(inTier));
  return Money.of(sum.div(60), currency);
}

/** How many of the minutes are in each tier. What a scope holds too little, of work of which a part was credited, is of the first. */
export function inTiers(
  tiers: readonly PriceTier[],
  before: Minutes,
  minutes: Minutes,
): readonly { readonly inTier: Minutes; readonly pricePerHour: string }[] {
  const filled: { readonly inTier: Minutes; readonly pricePerHour: string }[] = [];
  let from = -Infinity;
  let counted = 0;
  for (const { upToMinutes, pricePerHour } of tiers) {
    const to = upToMinutes ?? Infinity;
    const inTier = Math.min(to, before + minutes) - Math.max(from, before);
    from = to;
    if (inTier <= 0) continue;
    counted += inTier;
    filled.push({ inTier, pricePerHour });
  }
  invariant(minutes >= 0, 'tiers price minutes that were taken back');
  invariant(counted === minutes, 'tiers end before the minutes that they price');
  return filled;
}

/** What the tiers did, for the trace: `60 min at 150.00, 60 min at 225.00`. */
export function tiersText(tiers: readonly PriceTier[], before: Minutes, minutes: Minutes): string {
  const texts = inTiers(tiers, before, minutes).map(({ inTier, pricePerHour }) => `${inTier} min at ${pricePerHour}`);
  return texts.length === 0 ? 'no minutes' : texts.join(', ');
}
