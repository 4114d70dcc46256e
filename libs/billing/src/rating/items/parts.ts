import { Money } from '@billtrail/kernel';
import type { Assessed } from '../assessed.js';
import type { InForce } from '../coverage/placement.js';
import type { PricedPart, Reprice } from './priced-part.js';
import type { Price, Pricers } from '../price/pricing.js';
import { recordedQuantity, stepsOf } from './step-8-item.js';
import type { BillableTime } from '../time/step-4-billable-time.js';
import type { Trace, TraceStep } from '../../item/trace.js';

/** What step 5 made of a piece of work: a part for steps 6 and 7, or the steps that say why it has no price. */
export type Priced =
  { readonly part: PricedPart; readonly steps: null } | { readonly part: null; readonly steps: Trace };

/**
 * Work with its price as one part. Prepaid time without a rate is a part too, since a block of hours covers it whatever its price: the
 * overage says that there is none.
 */
export function pricedPart(
  one: Assessed,
  outcome: PricedPart['outcome'],
  inForce: InForce,
  time: BillableTime | null,
  price: Price,
): Priced {
  const known = stepsOf(one, time?.step);
  const isDrawable = outcome === 'prepaid' && one.work.kind === 'time';
  if ((price.unitPrice === null || price.exact === null) && !isDrawable)
    return { part: null, steps: known.concat(price.steps) };
  const zero = Money.zero(inForce.version.terms.rateCard.currency);
  const isTime = one.work.kind === 'time';
  return {
    steps: null,
    part: {
      assessed: one,
      inForce,
      outcome,
      actualMinutes: isTime ? one.minutes : null,
      billableMinutes: time?.minutes ?? null,
      quantity: time === null ? recordedQuantity(one) : String(time.minutes),
      unitPrice: price.unitPrice ?? zero,
      exact: price.exact ?? zero,
      steps: price.unitPrice === null ? known : known.concat(price.steps),
      draw: null,
      aboveCap: null,
      ...(price.flatShare === undefined ? {} : { flatShare: price.flatShare }),
    },
  };
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
    const steps = beforeRate(part.steps).concat(price.steps);
    const zero = Money.zero(part.exact.currency);
    return { unitPrice: price.unitPrice ?? zero, exact: price.exact ?? zero, steps };
  };
}

/** A price that is not by the hour (tiers, one price for a visit) is shared by minutes. */
function shareOf(part: PricedPart, minutes: number): Pick<PricedPart, 'unitPrice' | 'exact' | 'steps'> {
  const whole = part.billableMinutes ?? 0;
  if (whole === minutes || whole === 0) return part;
  const exact = part.exact.times(minutes).dividedBy(whole);
  const exactBefore = part.exact.plain();
  const step: TraceStep = {
    step: 'rate',
    text: `${minutes} of the ${whole} min that cost ${exactBefore} ${exact.currency}: ${exact.plain(8)}`,
    facts: { mode: 'share', minutes, ofMinutes: whole, exactBefore, exact: exact.plain() },
  };
  return { unitPrice: part.unitPrice, exact, steps: part.steps.concat(step) };
}

function beforeRate(steps: Trace): Trace {
  const end = steps.findIndex(({ step }) => step === 'rate' || step === 'override');
  return end < 0 ? steps : steps.slice(0, end);
}
