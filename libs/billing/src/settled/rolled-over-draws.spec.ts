import { describe, expect, it } from '@jest/globals';
import type { CoverageRule } from '@billtrail/contracts';
import type { ClientPeriodFacts } from '../client-period.js';
import { rateExplained as rate } from '../rate.js';
import { allotment, minutes } from '../testing/charges.js';
import { asInvoiced, contractFacts, facts, terms, time } from '../testing/facts.js';

const PREPAID: CoverageRule = { id: 'pre', name: 'From the hours', match: {}, outcome: 'prepaid' };
/** Ten hours a month, of which what is unused rolls over once; 100.00 an hour beyond. */
const contracts = [
  contractFacts({
    terms: {
      ...terms({ labour: [{ workType: null, engineerRole: null, pricePerHour: '100.00' }] }, [PREPAID]),
      prepaid: { allotment: allotment({ base: minutes(600), rollOver: 'one-period' }) },
    },
  }),
];
const march = (worked: number, changes: Partial<ClientPeriodFacts> = {}) =>
  rate(facts([time({ minutes: worked })], { contracts, ...changes }));
const april = (worked: number, changes: Partial<ClientPeriodFacts>) =>
  rate(
    facts([time({ workItemId: 'w-2', minutes: worked, workDate: '2026-04-10' })], {
      contracts,
      period: '2026-04',
      ...changes,
    }),
  );
const shown = ({ items }: ReturnType<typeof rate>) =>
  items.map(({ disposition, billableMinutes, net }) => `${disposition} ${billableMinutes} ${net?.amount}`);

describe('base that a later month drew, and has on an invoice (R5)', () => {
  const { carriedOver } = march(360);
  const before = april(900, { carriedOver });

  it('stays drawn: work of the month itself that is corrected since finds what is left', () => {
    expect(shown(before)).toEqual(['covered 240 0.00', 'covered 600 0.00', 'billable 60 100.00']);
    const laterDraws = before.items.flatMap(({ draw }) => (draw === undefined ? [] : [{ ...draw, frozen: true }]));
    expect(shown(march(480, { laterDraws }))).toEqual(['covered 360 0.00', 'billable 120 200.00']);
    const invoiced = asInvoiced(before.items);
    const corrected = april(700, { carriedOver, invoiced });
    expect(shown(corrected).slice(3)).toEqual(['billable -60 -100.00', 'covered -140 0.00']);
  });

  it('is free once the lines of the later month are credited to be billed again: nothing is asked, 20 min roll over', () => {
    const first = march(480);
    expect(shown(first)).toEqual(['covered 480 0.00']);
    const again = april(700, { carriedOver: first.carriedOver, creditedWork: new Set(['w-2']) });
    expect(shown(again)).toEqual(['covered 120 0.00', 'covered 580 0.00']);
    expect(again.carriedOver.balances).toMatchObject([{ left: minutes(20), source: { month: '2026-04' } }]);
  });
});
