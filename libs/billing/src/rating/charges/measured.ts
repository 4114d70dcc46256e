import { Decimal, at, monthOf } from '@billtrail/kernel';
import type { ContractFacts } from '../facts.js';
import { dayCount } from '../time/covered-days.js';
import { measuredByMonth } from '../time/month-measure.js';
import { isMonthOfCalendar } from './cycles.js';
import { percentOff } from './fee.js';
import { changesOf, inRunningDays, stretchesThatCount, stretchesWithin } from './recurring.js';
import { type RecurringStretch, countedDays, unitsOf } from './stretch.js';
import { sumOfUnits } from './units.js';

/**
 * The stretches of one month as minimums and amounts off measure its fees, whenever they are billed: of cycles that are months of the calendar as
 * they are charged, of others with the share of the month, every month of a cycle alike.
 */
export function stretchesMeasured(contract: ContractFacts, month: string): readonly RecurringStretch[] {
  const seen = new Set<string>();
  return stretchesWithin(contract, month).flatMap((one) => {
    const { charge, cycle } = one;
    if (isMonthOfCalendar(charge)) return [one];
    const key = `${charge.id} ${cycle.from} ${cycle.to}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return cycleByMonth(one).filter(({ days }) => monthOf(days.from) === month);
  });
}

/** All of the cycle that a stretch is of, so that the months which are charged alike sum to its fee to the cent. */
function cycleByMonth({ contract, charge, cycle }: RecurringStretch): readonly RecurringStretch[] {
  const { stretches, ...by } = changesOf(contract, charge.id, cycle);
  const days = stretches.map(({ days: { from, to } }, of) => ({ from, to, of }));
  const parts = measuredByMonth(days, by, charge.everyMonths ?? 1).map(({ from, to, of, share }): Part => {
    const stretch = at(stretches, of, 'the stretch of a month');
    const own = { ...stretch.days, from, to };
    return { ...stretch, days: own, share: { ...share, ownDays: dayCount(own) } };
  });
  return inRunningDays(atLeastCharged(parts, stretchesThatCount(contract, charge.id, cycle)));
}

type Part = RecurringStretch & { readonly share: NonNullable<RecurringStretch['share']> };

/**
 * A cycle that is cut short, or changes, costs by its days, and may cost more than its months do where all count alike: July and August to the 20th are 51 of the 92 days of a
 * quarter, and a third of it with 20 of 31 days of another. What is asked for is reached: each month reaches its share of that.
 */
function atLeastCharged(parts: readonly Part[], charged: readonly RecurringStretch[]): readonly RecurringStretch[] {
  const [first] = charged;
  if (first === undefined || charged.some(({ count }) => count === null)) return parts;
  const of = shareOf(first);
  const cost = (all: readonly RecurringStretch[]): Decimal =>
    all.reduce((sum, one) => sum.plus(priceOf(one).times(countedDays(one))), new Decimal(0));
  const asked = cost(charged);
  const measured = cost(parts);
  const [part] = parts;
  if (part === undefined || measured.isZero()) return parts;
  if (asked.times(part.share.of).lessThanOrEqualTo(measured.times(of))) return parts;
  const until = new Map<string, { readonly counted: Decimal; readonly scaled: Decimal }>();
  return parts.map((one) => {
    const price = priceOf(one).toFixed();
    const before = until.get(price) ?? { counted: new Decimal(0), scaled: new Decimal(0) };
    const counted = before.counted.plus(countedDays(one));
    // Of all until then, so that the last one comes to the whole exactly.
    const scaled = counted.times(asked).dividedBy(measured);
    until.set(price, { counted, scaled });
    return { ...one, share: { ...one.share, counted: scaled.minus(before.scaled), of } };
  });
}

function shareOf({ share, cycle }: RecurringStretch): number {
  return share?.of ?? dayCount(cycle);
}

/** What its units cost in a whole cycle, in hundredths: less its percent. */
function priceOf(stretch: RecurringStretch): Decimal {
  return sumOfUnits(unitsOf(stretch)).times(new Decimal(100).minus(percentOff(stretch.days)));
}
