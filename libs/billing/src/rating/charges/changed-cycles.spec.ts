import { describe, expect, it } from '@jest/globals';
import { Decimal, addDays, monthsBetween } from '@billtrail/kernel';
import type { RecurringCharge } from '@billtrail/contracts';
import fc from 'fast-check';
import { contractWith, fee, monthOf, versionsFrom } from '../../testing/charges.js';
import { charged } from '../../testing/steps.js';
import { dayCount } from '../time/covered-days.js';
import { countOn } from './counts.js';
import { cycleOn } from './cycles.js';

const FIRST = '2026-01-01';
const LAST = '2027-06-30';

const charge = fc.record({
  price: fc.constantFrom('310.00', '93.10', '1200.00'),
  everyMonths: fc.constantFrom(1 as const, 3 as const, 6 as const),
  billed: fc.constantFrom('in-advance' as const, 'in-arrears' as const),
  anchor: fc.constantFrom('contract-day' as const, 'calendar' as const, null),
});

describe('a charge whose cycles change', () => {
  it('asks over all months for what the versions in force say of each day, from arrears to advance and back, by month and by quarter', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 330 }), charge), { minLength: 1, maxLength: 4 }),
        charge,
        fc.array(fc.tuple(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 0, max: 9 })), { maxLength: 4 }),
        (later, first, counted) => {
          const days = new Map([[0, first], ...later.map(([day, terms]) => [day, terms] as const)]);
          const versions = [...days]
            .sort(([one], [other]) => one - other)
            .map(([day, { anchor, ...terms }]) => {
              const each: Partial<RecurringCharge> = { basis: 'per-user', countOf: 'user', ...terms };
              const anchored = anchor === null ? each : { ...each, cycleAnchor: anchor };
              return [addDays(FIRST, day), { recurringCharges: [fee(anchored)] }] as const;
            });
          const counts = [[0, 5], ...counted].map(([day = 0, count = 0], index) => ({
            countOf: 'user',
            count,
            from: addDays(FIRST, day),
            eventId: `ev-${index}`,
          }));
          const contract = contractWith({}, { ...versionsFrom(...versions), counts, lastDay: LAST });
          const charges = monthsBetween('2025-12', '2027-12').flatMap(
            (month) => charged(monthOf(month, [contract]), []).charges,
          );
          let due = new Decimal(0);
          for (let day = FIRST; day <= LAST; day = addDays(day, 1)) {
            const version = contract.versions.findLast(({ effectiveFrom }) => effectiveFrom <= day);
            const term = version?.terms.recurringCharges?.[0];
            if (version === undefined || term === undefined) throw new Error(`nothing is in force on ${day}`);
            const units = countOn(counts, day)?.count ?? 0;
            due = due.plus(
              new Decimal(term.price ?? NaN).times(units).dividedBy(dayCount(cycleOn(contract, version, term, day))),
            );
          }
          const asked = charges.reduce((sum, { net }) => sum.plus(net.amount), new Decimal(0));
          // Each charge is rounded once.
          expect(asked.minus(due).abs().toNumber()).toBeLessThanOrEqual(0.005 * charges.length + 0.000_001);
        },
      ),
      { numRuns: 40 },
    );
  });
});
