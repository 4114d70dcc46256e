import { describe, expect, it } from '@jest/globals';
import type { CoverageRule, RateCard } from '@billtrail/contracts';
import type { ClientPeriodFacts } from '../../client-period.js';
import { rateExplained as rate } from '../../rate.js';
import { ALL_BILLABLE, asInvoiced, card, contractFacts, facts, terms, ticketFacts, time } from '../../testing/facts.js';
import type { TicketFacts, WorkItem } from '../facts.js';
import { roundingOf } from './rounding.js';

type Time = Extract<WorkItem, { kind: 'time' }>;

/** A call-out of two hours at least, at 170.00 an hour. */
const CALL_OUT: Partial<RateCard> = {
  labour: [{ workType: null, engineerRole: null, pricePerHour: '170.00' }],
  minimumMinutes: 120,
  incrementMinutes: 15,
  roundingScope: 'visit',
};
const under = (
  changes: Partial<RateCard> = {},
  tickets: readonly Partial<TicketFacts>[] = [],
): Partial<ClientPeriodFacts> => ({
  contracts: [contractFacts({ terms: terms({ ...CALL_OUT, ...changes }) })],
  tickets: new Map(
    ['T-1', 'T-2', 'T-3'].map((ticketId, index) => [
      ticketId,
      ticketFacts({ ticketId, siteId: 'newtown', ...tickets[index] }),
    ]),
  ),
});
const on = (number: number, minutes: number, changes: Partial<Time> = {}): Time =>
  time({ workItemId: `w-${number}`, ticketId: `T-${number}`, position: number, minutes, ...changes });
const TWO = [on(1, 25), on(2, 35)];
const billed = (work: readonly WorkItem[], changes: Partial<ClientPeriodFacts>) =>
  rate(facts(work, changes)).items.map((item) => [item.billableMinutes, item.net?.amount]);

describe('a visit (K27)', () => {
  it('two tickets at one site on one day by one engineer, 25 + 35 min: two hours once, 340.00, shared 25 : 35', () => {
    expect(billed(TWO, under())).toEqual([
      [50, '141.67'],
      [70, '198.33'],
    ]);
    const [first] = rate(facts(TWO, under())).items;
    expect(first?.basis.rounding?.scopeId).toBe('con-1, visit to newtown on 2026-03-10 by eng-1');
    expect(first?.trace.find(({ step }) => step === 'billable-time')?.text).toContain('with it 60 min on the visit');
  });

  it('with one entry is told without what it would share', () => {
    const [alone] = rate(facts([on(1, 35)], under())).items;
    const text = alone?.trace.find(({ step }) => step === 'billable-time')?.text;
    expect(text).toMatch(/^35 min, minimum \d+, increment \d+ -> \d+ min \([\d.]+ h\)$/);
  });

  it.each<[string, readonly Time[], Partial<ClientPeriodFacts>]>([
    ['two sites', TWO, under({}, [{}, { siteId: 'glebe' }])],
    ['two days', [on(1, 25), on(2, 35, { workDate: '2026-03-11' })], under()],
    ['two engineers', [on(1, 25), on(2, 35, { engineerId: 'eng-2' })], under()],
    [
      'two contracts',
      TWO,
      {
        ...under({}, [{}, { contractId: 'con-2' }]),
        contracts: ['con-1', 'con-2'].map((contractId, index) =>
          contractFacts({ contractId, priority: 10 + index, terms: terms(CALL_OUT) }),
        ),
      },
    ],
  ])('of %s are two visits: 680.00', (_, work, changes) => {
    expect(billed(work, changes).map(([minutes]) => minutes)).toEqual([120, 120]);
  });

  it('of a crew is one, whoever came', () => {
    const work = [on(1, 25), on(2, 35, { engineerId: 'eng-2' })];
    expect(billed(work, under({ visitBy: 'crew' })).map(([minutes]) => minutes)).toEqual([50, 70]);
    expect(billed(work, under({ visitBy: 'engineer' })).map(([minutes]) => minutes)).toEqual([120, 120]);
  });

  it('to a client whose tickets name no site is one too', () => {
    const nowhere = [{ siteId: null }, { siteId: null }];
    expect(billed(TWO, under({}, nowhere)).map(([minutes]) => minutes)).toEqual([50, 70]);
  });

  it('of which a ticket is invoiced: its two hours hold for what comes later', () => {
    const [first] = TWO;
    const invoiced = asInvoiced(rate(facts(first === undefined ? [] : [first], under())).items);
    expect(billed(TWO, { ...under(), invoiced })).toEqual([
      [120, '340.00'],
      [0, '0.00'],
    ]);
    const longer = [on(1, 25), on(2, 35), on(3, 75)];
    expect(billed(longer, { ...under(), invoiced }).map(([minutes]) => minutes)).toEqual([120, 5, 10]);
    // The site of the invoiced ticket is put right: what was rounded stays where it was.
    expect(billed(TWO, { ...under({}, [{ siteId: 'glebe' }]), invoiced }).map(([minutes]) => minutes)).toEqual([
      120, 0,
    ]);
  });

  it('of which one part is voided after its invoice: the rest of it has the two hours, and nothing is owed', () => {
    const invoiced = asInvoiced(rate(facts(TWO, under())).items);
    const { items } = rate(facts([on(1, 25)], { ...under(), invoiced }));
    const adjustments = items.filter(({ disposition }) => disposition === 'billable');
    expect(adjustments.map(({ itemId, net }) => [itemId, net?.amount])).toEqual([
      ['w-1@a1', '198.33'],
      ['w-2@a1', '-198.33'],
    ]);
  });

  it('takes no share of what the contract includes: on that no minimum is laid, and the billable half has its own (C4)', () => {
    const coverage: CoverageRule[] = [
      { id: 'inc', name: 'Included', match: { categories: ['printer'] }, outcome: 'included' },
      ALL_BILLABLE,
    ];
    const contracts = [contractFacts({ terms: { ...terms(CALL_OUT), coverage } })];
    const { tickets } = under({}, [{ category: 'printer' }]);
    expect(billed([on(1, 30), on(2, 30)], { contracts, ...(tickets === undefined ? {} : { tickets }) })).toEqual([
      [0, '0.00'],
      [120, '340.00'],
    ]);
  });

  it('may be what one rounding rule is applied to, while other work is rounded by entry', () => {
    const roundingRules = [{ workTypes: ['onsite'], minimumMinutes: 120, roundingScope: 'visit' as const }];
    const changes = under({ minimumMinutes: 15, roundingScope: 'entry', roundingRules });
    const work = [on(1, 25, { workType: 'onsite' }), on(2, 35, { workType: 'onsite' }), on(3, 5)];
    expect(billed(work, changes).map(([minutes]) => minutes)).toEqual([50, 70, 15]);
    expect(roundingOf(card({ roundingRules }), 'onsite', null).scope).toBe('visit');
  });

  it('is charged once with what is charged by visit: a fee of 85.00 for the way', () => {
    const changes = under({
      minimumMinutes: 0,
      incrementMinutes: 1,
      workTypes: [{ workType: 'remote', mode: 'amount-on-top', amount: '85.00', per: 'visit' }],
    });
    expect(billed(TWO, changes)).toEqual([
      [25, '155.83'],
      [35, '99.17'],
    ]);
    expect(billed([on(1, 25), on(2, 35, { engineerId: 'eng-2' })], changes).at(-1)).toEqual([35, '184.17']);
  });

  describe('travel, logged as work of its own', () => {
    const travel = (number: number, minutes: number): Time => on(number, minutes, { workType: 'travel' });
    const priced = (pricing: NonNullable<RateCard['workTypes']>[number]) =>
      under({ minimumMinutes: 0, incrementMinutes: 1, roundingScope: 'entry', workTypes: [pricing] });

    it('by zone is one fee a visit, whatever its minutes and tickets', () => {
      const zone = priced({ workType: 'travel', mode: 'flat', price: '85.00', per: 'visit' });
      expect(billed([travel(1, 20), travel(2, 25)], zone).map(([, net]) => net)).toEqual(['85.00', '0.00']);
      const invoiced = asInvoiced(rate(facts([travel(1, 20)], zone)).items);
      expect(billed([travel(1, 20), travel(2, 25)], { ...zone, invoiced }).map(([, net]) => net)).toEqual([
        '85.00',
        '0.00',
      ]);
    });

    it('by the hour has free minutes, a price at a factor and a cap, counted over the visit', () => {
      // The first half an hour is free, then it costs 60 % of 170.00; what is beyond two hours is free too.
      const tiers = [
        { upToMinutes: 30, pricePerHour: '0.00' },
        { upToMinutes: 120, pricePerHour: '102.00' },
        { upToMinutes: null, pricePerHour: '0.00' },
      ];
      const hours = priced({ workType: 'travel', mode: 'tiers', per: 'visit', tiers });
      expect(billed([travel(1, 20), travel(2, 40)], hours).map(([, net]) => net)).toEqual(['0.00', '51.00']);
      expect(billed([travel(1, 20), travel(2, 200)], hours).map(([, net]) => net)).toEqual(['0.00', '153.00']);
    });
  });
});
