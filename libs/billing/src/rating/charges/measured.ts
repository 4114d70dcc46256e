import { at, monthOf } from '@billtrail/kernel';
import type { ContractFacts } from '../facts.js';
import { dayCount } from '../time/covered-days.js';
import { measuredByMonth } from '../time/month-measure.js';
import { isMonthOfCalendar } from './cycles.js';
import { changesOf, inRunningDays, stretchesWithin } from './recurring.js';
import type { RecurringStretch } from './stretch.js';

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
  const parts = measuredByMonth(days, by, charge.everyMonths ?? 1);
  return inRunningDays(
    parts.map(({ from, to, of, share }) => {
      const stretch = at(stretches, of, 'the stretch of a month');
      const own = { ...stretch.days, from, to };
      return { ...stretch, days: own, share: { ...share, ownDays: dayCount(own) } };
    }),
  );
}
