import { type Minutes, Money } from '@billtrail/kernel';
import type { LabourRate, RateCard, RateClass } from '@billtrail/contracts';
import type { UnpricedReason } from '../../item/basis.js';
import type { Step, TraceStep } from '../../item/trace.js';
import type { PriceOverride } from '../facts.js';
import { unpricedStep } from '../coverage/placement.js';
import { cardText } from './card-text.js';

const MINUTES_OF_AN_HOUR = 60;

/** A unit price with where it came from; `unitPrice` null: there is none, and the step says why. Never zero for want of a price. */
export type Rate = Priced | Unpriced;
interface Priced {
  readonly unitPrice: Money;
  readonly unpriced: null;
  readonly step: Step;
}
interface Unpriced {
  readonly unitPrice: null;
  readonly unpriced: UnpricedReason;
  readonly step: Step;
}

/** The price of labour: `unitPrice` is that of `priceMinutes` minutes. */
export type HourlyRate = Rate & {
  readonly priceMinutes: Minutes;
  /** True for a price of the very rate class: no class multiplier is laid on it. */
  readonly isOfClass: boolean;
};

/** What labour is asked for. */
export interface LabourAsked {
  readonly workType: string;
  readonly engineerRole: string;
  readonly rateClass: RateClass | null;
}

/**
 * Step 5 of rating.md for time: the price of an hour, in the card's currency. Of those that fit, the one for the very work type wins, then
 * the one for the very role, then the one for the very rate class.
 */
export function labourRate(card: RateCard, asked: LabourAsked): HourlyRate {
  let best: LabourRate | null = null;
  let bestFit = -1;
  for (const rate of card.labour) {
    const fit = fitOf(rate, asked);
    if (fit <= bestFit) continue;
    best = rate;
    bestFit = fit;
  }
  if (best !== null) return labourStep(card, best, asked);
  const lacks = without('rate', 'no-rate', () => {
    const { workType, engineerRole, rateClass } = asked;
    const inClass = rateClass === null ? '' : `, ${rateClass}`;
    const text = `${cardText(card)} has no rate in ${card.currency} for ${workType} by ${engineerRole}${inClass}`;
    return [text, { rateCardId: card.id, currency: card.currency, workType, engineerRole, rateClass }];
  });
  return { ...lacks, priceMinutes: MINUTES_OF_AN_HOUR, isOfClass: false };
}

/** There is no price, and a step that says why. */
export function without(
  step: 'rate' | 'override',
  reason: UnpricedReason,
  why: () => readonly [text: string, facts: TraceStep['facts']],
): Unpriced {
  return { unitPrice: null, unpriced: reason, step: () => unpricedStep(step, reason, ...why()) };
}

/** How closely a price fits, work type before role before class; -1: it does not. */
function fitOf(rate: LabourRate, asked: LabourAsked): number {
  if (rate.workType !== null && rate.workType !== asked.workType) return -1;
  if (rate.engineerRole !== null && rate.engineerRole !== asked.engineerRole) return -1;
  if (rate.rateClass !== undefined && rate.rateClass !== asked.rateClass) return -1;
  return (
    (rate.workType === null ? 0 : 4) + (rate.engineerRole === null ? 0 : 2) + (rate.rateClass === undefined ? 0 : 1)
  );
}

function labourStep(card: RateCard, rate: LabourRate, asked: LabourAsked): HourlyRate {
  const unitPrice = Money.of(rate.pricePerHour, card.currency);
  const priceMinutes = rate.priceMinutes ?? MINUTES_OF_AN_HOUR;
  const step: Step = () => {
    const per = priceMinutes === MINUTES_OF_AN_HOUR ? 'an hour' : `for ${priceMinutes} min`;
    const inClass = rate.rateClass === undefined ? '' : `, ${rate.rateClass}`;
    return {
      step: 'rate',
      text:
        `${unitPrice.toString()} ${per}: ${ownOr(rate)}${cardText(card)}, ` +
        `${rate.workType ?? 'any work'} by ${rate.engineerRole ?? 'any role'}${inClass}`,
      facts: {
        rateCardId: card.id,
        currency: card.currency,
        workType: asked.workType,
        engineerRole: asked.engineerRole,
        rateClass: asked.rateClass,
        rateForWorkType: rate.workType,
        rateForRole: rate.engineerRole,
        rateForClass: rate.rateClass ?? null,
        pricePerHour: unitPrice.toJSON().amount,
        priceMinutes,
      },
    };
  };
  return { unitPrice, unpriced: null, priceMinutes, isOfClass: rate.rateClass !== undefined, step };
}

function ownOr({ isOfContract }: LabourRate): string {
  return isOfContract === true ? "the contract's own in place of that of " : '';
}

/** A price that a person set for one entry: it wins over every card, and no multiplier is laid on it. */
export function overrideRate(card: RateCard, override: PriceOverride): HourlyRate {
  const { pricePerHour, reason, overriddenBy, eventId } = override;
  const facts = { pricePerHour: pricePerHour.amount, currency: pricePerHour.currency, reason, overriddenBy, eventId };
  const common = { priceMinutes: MINUTES_OF_AN_HOUR, isOfClass: true };
  if (pricePerHour.currency !== card.currency) {
    const text = `the price that ${overriddenBy} set is in ${pricePerHour.currency}, the contract in ${card.currency}`;
    return { ...common, ...without('override', 'other-currency', () => [text, facts]) };
  }
  const unitPrice = Money.from(pricePerHour);
  const step: Step = () => ({
    step: 'override',
    text: `${unitPrice.toString()} an hour, set by ${overriddenBy}: ${reason}`,
    facts,
  });
  return { ...common, unitPrice, unpriced: null, step };
}
