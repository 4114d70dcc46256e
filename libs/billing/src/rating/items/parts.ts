import { type Minutes, Money } from '@billtrail/kernel';
import type { Assessed } from '../assess.js';
import type { Segment } from '../facts.js';
import type { InForce } from '../coverage/placement.js';
import { isFlat } from './part-splitting.js';
import type { PricedPart, Reprice } from './priced-part.js';
import type { Price, Pricer, Pricers } from '../price/pricing.js';
import { recordedQuantity, stepsOf } from './step-8-item.js';
import type { BillableTime } from '../time/step-4-billable-time.js';
import type { Trace } from '../trace.js';

/** What step 5 made of a piece of work: a part for steps 6 and 7, or the steps that say why it has no price. */
export type Priced =
  { readonly part: PricedPart; readonly steps: null } | { readonly part: null; readonly steps: Trace };

/** The stretch of a part: of work that was not cut all of it, so that steps 6 and 7 see its day and class. */
function stretchOf(one: Assessed): Segment | null {
  if (one.work.kind !== 'time') return null;
  return one.segment ?? { fromMinute: 0, toMinute: one.minutes, date: one.date, rateClass: one.rateClass };
}

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
      segment: stretchOf(one),
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
  return { unitPrice: part.unitPrice, exact: part.exact.times(minutes).dividedBy(whole), steps: part.steps };
}

function beforeRate(steps: Trace): Trace {
  const end = steps.findIndex(({ step }) => step === 'rate' || step === 'override');
  return end < 0 ? steps : steps.slice(0, end);
}

/** Billable minutes of corrected work that frozen draws cover: they are given to its segments in order of time. */
export class DrawnMinutes {
  private readonly left = new Map<string, Minutes>();

  /** How many of the minutes are covered. */
  take(one: Assessed, minutes: Minutes): Minutes {
    const { work, frozen } = one;
    const parts = frozen?.parts ?? [];
    const known =
      this.left.get(work.workItemId) ??
      parts.reduce((sum, { item }) => sum + (item.draw === undefined ? 0 : (item.billableMinutes ?? 0)), 0);
    const taken = Math.max(Math.min(known, minutes), 0);
    this.left.set(work.workItemId, known - taken);
    return taken;
  }
}

/** One price whatever the minutes, less what frozen draws paid of it. */
function lessDrawnMoney({ assessed, exact }: PricedPart): Money {
  const drawn = (assessed.frozen?.parts ?? []).flatMap(({ item: { draw } }) =>
    draw?.amount.unit === 'money' && draw.amount.money.currency === exact.currency
      ? [Money.from(draw.amount.money)]
      : [],
  );
  const left = exact.minus(Money.sum(drawn, exact.currency));
  return left.isNegative() ? Money.zero(exact.currency) : left;
}

/**
 * Prepaid work that was corrected after it was frozen draws on nothing anew: its frozen draws stand, and cover as many of its minutes as they
 * covered then. What is beyond has the price of overage, so that the adjustment asks for it; what was drawn is never given back.
 */
export function drawnBefore(part: PricedPart, covered: DrawnMinutes, pricer: Pricer): PricedPart {
  const { assessed, outcome, billableMinutes } = part;
  if (outcome !== 'prepaid') return part;
  if (assessed.work.kind !== 'time' || billableMinutes === null) return { ...part, outcome: 'billable' };
  if (isFlat(part)) return { ...part, outcome: 'billable', exact: lessDrawnMoney(part) };
  const drawn = covered.take(assessed, billableMinutes);
  const beyond = billableMinutes - drawn;
  const price = pricer.overage(assessed, assessed.work, beyond) ?? shareOf(part, beyond);
  const zero = Money.zero(part.exact.currency);
  const step = {
    step: 'prepaid',
    text: `corrected after it was frozen: ${drawn} min are covered by what was drawn then, ${beyond} min are overage`,
    facts: { outcome: 'corrected', coveredMinutes: drawn, overageMinutes: beyond },
  } as const;
  const hasPrice = beyond === 0 || price.exact !== null;
  return {
    ...part,
    // Without a price for what is beyond it stays `prepaid`: step 8 then tells that a rate is missing.
    outcome: hasPrice ? 'billable' : 'prepaid',
    unitPrice: price.unitPrice ?? zero,
    exact: price.exact ?? zero,
    steps: beforeRate(part.steps).concat(hasPrice && price.exact === null ? [] : price.steps, step),
  };
}
