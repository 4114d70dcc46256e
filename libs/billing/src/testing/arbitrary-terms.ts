import fc from 'fast-check';
import type { ContractTerms, CoverageRule, RateCalendar } from '@billtrail/contracts';
import type { ClientPeriodFacts } from '../client-period.js';
import type { ContractFacts, WorkItem } from '../rating/facts.js';
import { clientPeriod } from './arbitrary.js';

const office = [{ opens: '09:00', closes: '17:00' }];
const calendars: readonly RateCalendar[] = [
  { hours: { monday: office, tuesday: office, wednesday: office, thursday: office, friday: office }, holidays: [] },
  {
    hours: { monday: [{ opens: '08:15', closes: '18:45' }], wednesday: office },
    holidays: [{ date: '2026-03-11', name: 'A day' }],
    outside: { weekday: 'night', weekend: 'weekend', holiday: 'holiday' },
  },
];

/** Terms with everything that rating knows: calendar, prepaid work, caps, discounts, prices of classes and work types. */
const extras = fc.record({
  timeZone: fc.constantFrom('Australia/Sydney', 'Europe/London', 'America/St_Johns'),
  calendar: fc.option(fc.constantFrom(...calendars), { freq: 4 }),
  prepaid: fc.boolean(),
  blockMinutes: fc.integer({ min: 1, max: 400 }),
  cap: fc.option(
    fc.record({ cents: fc.integer({ min: 0, max: 60_000 }), above: fc.constantFrom('gap', 'write-down') }),
  ),
  percent: fc.option(fc.constantFrom('5', '33.3', '100')),
  multiplier: fc.constantFrom('1.5', '2'),
});
type Extras = typeof extras extends fc.Arbitrary<infer T> ? T : never;

function withExtras(contract: ContractFacts, one: Extras): ContractFacts {
  const drawing: CoverageRule = { id: 'pre', name: 'Prepaid', match: { workTypes: ['remote'] }, outcome: 'prepaid' };
  const termsOf = (terms: ContractTerms): ContractTerms => ({
    ...terms,
    timeZone: one.timeZone,
    ...(one.calendar === null ? {} : { rateCalendar: one.calendar }),
    coverage: one.prepaid ? [drawing, ...terms.coverage] : terms.coverage,
    rateCard: {
      ...terms.rateCard,
      rateClassMultipliers: [{ rateClass: 'after-hours', multiplier: one.multiplier }],
      roundingRules: [{ rateClasses: ['night'], minimumMinutes: 45 }],
    },
    ...(one.cap === null
      ? {}
      : {
          caps: [
            {
              id: 'cap',
              name: 'Limit',
              scope: 'ticket',
              amount: (one.cap.cents / 100).toFixed(2),
              above: one.cap.above,
            },
          ],
        }),
    ...(one.percent === null
      ? {}
      : { discounts: [{ id: 'off', name: 'Off', kind: 'percent', percent: one.percent, order: 'before-minimum' }] }),
  });
  return {
    ...contract,
    versions: contract.versions.map((version) => ({ ...version, terms: termsOf(version.terms) })),
    blocks: [
      {
        blockId: `${contract.contractId}-b`,
        eventId: 'ev-b',
        amount: { unit: 'minutes', minutes: one.blockMinutes },
        purchasedOn: '2026-03-05',
        expiresOn: '2026-03-20',
        price: null,
      },
    ],
  };
}

/** Gives time its start and end, on a day that lies within March in every zone. */
function withTimes(work: WorkItem, minuteOfDay: number): WorkItem {
  if (work.kind !== 'time') return work;
  const day = 3 + (Number(work.workDate.slice(8)) % 26);
  const start = Date.UTC(2026, 2, day) + minuteOfDay * 60_000;
  const startedAt = new Date(start).toISOString();
  return {
    ...work,
    workDate: startedAt.slice(0, 10),
    startedAt,
    endedAt: new Date(start + work.minutes * 60_000).toISOString(),
  };
}

/** A client's March under such terms, with times on most of its work. */
export const richPeriod: fc.Arbitrary<ClientPeriodFacts> = fc
  .tuple(
    clientPeriod,
    extras,
    extras,
    fc.array(fc.option(fc.integer({ min: 0, max: 1_439 }), { freq: 5 }), { minLength: 14, maxLength: 14 }),
  )
  .map(([facts, first, second, starts]) => ({
    ...facts,
    contracts: facts.contracts.map((contract, index) => withExtras(contract, index === 0 ? first : second)),
    work: facts.work.map((work, index) => {
      const start = starts[index] ?? null;
      return start === null ? work : withTimes(work, start);
    }),
  }));
