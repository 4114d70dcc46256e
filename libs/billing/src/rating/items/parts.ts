import { Money, invariant } from '@billtrail/kernel';
import type { Step } from '../../item/trace.js';
import type { Assessed } from '../assessed.js';
import type { InForce } from '../coverage/placement.js';
import type { Price } from '../price/price.js';
import type { Pricers } from '../price/pricing.js';
import type { BillableTime } from '../time/step-4-billable-time.js';
import type { PricedPart, Reprice } from './priced-part.js';
import { recordedQuantity } from './step-8-item.js';

const NO_STEPS: readonly Step[] = [];

/**
 * Work with its price as one part; null: it has no price. Prepaid time without a rate is a part too, since a block of hours covers it
 * whatever its price: the overage says that there is none.
 */
export function pricedPart(
  one: Assessed,
  outcome: PricedPart['outcome'],
  inForce: InForce,
  time: BillableTime | null,
  price: Price,
): PricedPart | null {
  const isTime = one.work.kind === 'time';
  const isUnpriced = price.unpriced !== null;
  if (isUnpriced && (outcome !== 'prepaid' || !isTime)) return null;
  const { currency } = inForce.version.terms.rateCard;
  const part: PricedPart & { flatShare?: string } = {
    assessed: one,
    inForce,
    outcome,
    time,
    actualMinutes: isTime ? one.minutes : null,
    billableMinutes: time?.minutes ?? null,
    quantity: time === null ? recordedQuantity(one) : String(time.minutes),
    price,
    unitPrice: isUnpriced ? Money.zero(currency) : price.unitPrice,
    exact: isUnpriced ? Money.zero(currency) : price.exact,
    standard: isUnpriced ? null : price.standard,
    after: NO_STEPS,
    draw: null,
    prepaid: null,
    cap: null,
    aboveCap: null,
  };
  if (!isUnpriced && price.flatShare !== undefined) part.flatShare = price.flatShare;
  return part;
}

/** Step 5 for other minutes of a part: the same price where it is billable, the overage's where it is prepaid. */
export function repriceWith(pricers: Pricers): Reprice {
  return (part, minutes) => {
    const { assessed, inForce, outcome } = part;
    const { work } = assessed;
    if (work.kind !== 'time') return part;
    const pricer = pricers.of(inForce.version.terms);
    const price =
      outcome === 'prepaid' ? pricer.overage(assessed, work, minutes) : pricer.sameFor(assessed, work, minutes);
    if (price === null) return shareOf(part, minutes);
    const zero = Money.zero(part.exact.currency);
    const isUnpriced = price.unpriced !== null;
    return {
      price,
      unitPrice: isUnpriced ? zero : price.unitPrice,
      exact: isUnpriced ? zero : price.exact,
      after: NO_STEPS,
    };
  };
}

/** A price that is not by the hour (tiers, one price for a visit) is shared by minutes. */
function shareOf(part: PricedPart, minutes: number): ReturnType<Reprice> {
  const whole = part.billableMinutes;
  invariant(whole !== null, 'only time has a price of its minutes');
  if (whole === minutes || whole === 0) return part;
  const before = part.exact;
  const exact = before.times(minutes).dividedBy(whole);
  const step: Step = () => {
    const exactBefore = before.plain();
    return {
      step: 'rate',
      text: `${minutes} of the ${whole} min that cost ${exactBefore} ${exact.currency}: ${exact.plain(8)}`,
      facts: { mode: 'share', minutes, ofMinutes: whole, exactBefore, exact: exact.plain() },
    };
  };
  return { price: part.price, unitPrice: part.unitPrice, exact, after: [...part.after, step] };
}
