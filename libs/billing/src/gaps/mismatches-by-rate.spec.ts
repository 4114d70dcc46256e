import { describe, expect, it } from '@jest/globals';
import type { ContractTerms, CoverageRule, RateCard, TermsInForce, WorkTypePricing } from '@billtrail/contracts';
import {
  ALL_BILLABLE,
  asInvoiced,
  asWrittenOff,
  contractFacts,
  facts,
  only,
  terms,
  ticketFacts,
  time,
} from '../testing/facts.js';
import { block, money } from '../testing/charges.js';
import type { ClientPeriodFacts, FrozenLine } from '../client-period.js';
import type { ContractFacts, DerivedGap, WorkItem } from '../rating/facts.js';
import { rateExplained as rate } from '../rate.js';

const hour = time();
const second = time({ workItemId: 'w-2', position: 2, sourceEventIds: ['ev-w-2'] });
const at = (pricePerHour: string): TermsInForce =>
  terms({ labour: [{ workType: null, engineerRole: null, pricePerHour }] });
/** The contract with one more version, for days from the beginning of the year. */
const published = (changed: ContractTerms, before: ContractFacts): readonly ContractFacts[] => [
  {
    ...before,
    versions: [
      ...before.versions,
      { versionNumber: 2, effectiveFrom: '2026-01-01', effectiveTo: null, terms: changed },
    ],
  },
];
const linesOf = (work: readonly WorkItem[], contract: ContractFacts): readonly FrozenLine[] =>
  asInvoiced(
    rate(facts(work, { contracts: [contract] })).items.filter(({ disposition }) => disposition === 'billable'),
  );
const nets = (lines: readonly FrozenLine[]): unknown[] => lines.map(({ line }) => line.net.amount);
const mismatches = (work: readonly WorkItem[], changes: Partial<ClientPeriodFacts>): readonly DerivedGap[] =>
  rate(facts(work, changes)).gaps.filter(({ kind }) => kind === 'contract-mismatch');
const values = (gaps: readonly DerivedGap[]): unknown[] =>
  gaps.map(({ workItemId, valueAtRisk: { money: of, minutes } }) => [workItemId, of?.amount, minutes]);

describe('only lines that are billed by rate are compared', () => {
  it('not the rest of what money of a block paid for', () => {
    const prepaid: ContractTerms = { ...at('150.00'), coverage: [{ ...ALL_BILLABLE, outcome: 'prepaid' }] };
    const of = (amount: string) => {
      const contract = contractFacts({ terms: prepaid, blocks: [block('b', money(amount))] });
      const invoiced = linesOf([hour], contract);
      const contracts = published({ ...at('300.00'), coverage: prepaid.coverage }, contract);
      return [nets(invoiced), values(mismatches([hour], { contracts, invoiced }))];
    };
    // 40 min are covered, and 20 min cost 50.00: at 300.00 an hour they are 100.00.
    expect(of('100.00')).toEqual([['50.00'], [['w-1', '50.00', 20]]]);
    // 39 min are covered, and a part of the next: 50.01 is no price of 21 min.
    expect(of('99.99')).toEqual([['50.01'], []]);
  });

  it('and what has its price from other work of its scope, whoever holds that now', () => {
    const tiers = (beyond: string): ContractTerms =>
      terms({
        workTypes: [
          {
            workType: 'remote',
            mode: 'tiers',
            per: 'ticket',
            tiers: [
              { upToMinutes: 60, pricePerHour: '150.00' },
              { upToMinutes: null, pricePerHour: beyond },
            ],
          },
        ],
      });
    const contract = contractFacts({ terms: tiers('225.00') });
    const [first, beyond] = linesOf([hour, second], contract);
    if (first === undefined || beyond === undefined) throw new Error('two lines');
    expect(nets([first, beyond])).toEqual(['150.00', '225.00']);
    const contracts = published(tiers('300.00'), contract);
    expect(values(mismatches([hour, second], { contracts, invoiced: [first, beyond] }))).toEqual([
      ['w-2', '75.00', 60],
    ]);
    // Lines of before, which do not say their tiers, are priced again one after the other.
    const ofBefore = [first, beyond].map((one) => {
      const { price } = one.line.basis;
      if (price === null) throw new Error('a price');
      const { tiers: _tiers, ...untold } = price;
      return { ...one, line: { ...one.line, basis: { ...one.line.basis, price: untold } } };
    });
    expect(values(mismatches([hour, second], { contracts, invoiced: ofBefore }))).toEqual([['w-2', '75.00', 60]]);
    // The one that is not invoiced comes after it now, at 300.00: in the first tier it is the invoiced one.
    expect(values(mismatches([hour, second], { contracts, invoiced: [beyond] }))).toEqual([['w-2', '-75.00', 60]]);
  });
});

describe('a line is compared with what its own stretch asks now', () => {
  const calendar = (closes: string): ContractTerms => ({
    ...terms({
      labour: [{ workType: null, engineerRole: null, pricePerHour: '150.00' }],
      rateClassMultipliers: [{ rateClass: 'after-hours', multiplier: '1.5' }],
    }),
    timeZone: 'Australia/Sydney',
    rateCalendar: { hours: { tuesday: [{ opens: '09:00', closes }] }, holidays: [] },
  });
  const afternoon = time({
    minutes: 180,
    startedAt: '2026-03-10T16:00:00+11:00',
    endedAt: '2026-03-10T19:00:00+11:00',
  });
  const contract = contractFacts({ terms: calendar('17:00') });
  const under = (closes: string, ...ids: readonly string[]) => {
    const invoiced = linesOf([afternoon], contract);
    expect(nets(invoiced)).toEqual(['150.00', '450.00']);
    const contracts = published(calendar(closes), contract);
    return values(
      mismatches([afternoon], { contracts, invoiced: invoiced.filter(({ line }) => ids.includes(line.itemId)) }),
    );
  };

  it('wherever the work is cut now', () => {
    // Until six: one more hour of the second line is 75.00 cheaper.
    expect(under('18:00', 'w-1@p1')).toEqual([]);
    expect(under('18:00', 'w-1@p2')).toEqual([['w-1', '-75.00', 120]]);
    // Until half past four: half an hour of the first line is 37.50 dearer.
    expect(under('16:30', 'w-1@p1')).toEqual([['w-1', '37.50', 60]]);
    expect(under('16:30', 'w-1@p2')).toEqual([]);
    expect(under('16:30', 'w-1@p1', 'w-1@p2')).toEqual([['w-1', '37.50', 60]]);
  });

  it('also where it is not cut at all any more', () => {
    const invoiced = linesOf([afternoon], contract);
    const contracts = published({ ...at('200.00'), timeZone: 'Australia/Sydney' }, contract);
    const of = (itemId: string) =>
      values(mismatches([afternoon], { contracts, invoiced: invoiced.filter(({ line }) => line.itemId === itemId) }));
    expect(of('w-1@p1')).toEqual([['w-1', '50.00', 60]]);
    expect(of('w-1@p2')).toEqual([['w-1', '-50.00', 120]]);
  });
});

describe('another minimum or increment', () => {
  const rounded = (changes: Partial<RateCard>, more: Partial<ContractTerms> = {}): TermsInForce => ({
    ...at('150.00'),
    ...more,
    rateCard: { ...at('150.00').rateCard, ...changes },
  });
  const compared = (work: readonly WorkItem[], then: ContractTerms, now: ContractTerms, changes = {}) => {
    const contract = contractFacts({ terms: then, ...changes });
    const invoiced = linesOf(work, contract);
    return values(mismatches(work, { contracts: published(now, contract), invoiced }));
  };

  it('asks for what the entries of a ticket need together, where it is by ticket now', () => {
    const entries = [time({ minutes: 35 }), { ...second, minutes: 20 }];
    const hours = { minimumMinutes: 60, incrementMinutes: 60 };
    expect(compared(entries, rounded(hours), rounded({ ...hours, roundingScope: 'ticket' }))).toEqual([
      ['w-1', '-55.00', 35],
      ['w-2', '-95.00', 20],
    ]);
  });

  it('is asked of each segment that a line carries', () => {
    const cut = {
      timeZone: 'Australia/Sydney',
      rateCalendar: { hours: { tuesday: [{ opens: '09:00', closes: '17:00' }] }, holidays: [] },
    };
    const evening = time({
      minutes: 100,
      startedAt: '2026-03-10T16:30:00+11:00',
      endedAt: '2026-03-10T18:10:00+11:00',
    });
    // 30 and 70 min become 36 and 84, two hours together: 15.00 and 35.00 more.
    expect(compared([evening], rounded({}, cut), rounded({ incrementMinutes: 60 }, cut))).toEqual([
      ['w-1', '50.00', 100],
    ]);
  });

  it('is none for a part of work, nor for work that is cut now: it keeps the minutes of the line', () => {
    const prepaid = { coverage: [{ ...ALL_BILLABLE, outcome: 'prepaid' } as const] };
    const long = time({ minutes: 90 });
    const blocks = [block('b', { unit: 'minutes', minutes: 60 })];
    expect(compared([long], rounded({}, prepaid), rounded({ minimumMinutes: 240 }, prepaid), { blocks })).toEqual([]);
    const evening = time({
      minutes: 90,
      startedAt: '2026-03-10T16:30:00+11:00',
      endedAt: '2026-03-10T18:00:00+11:00',
    });
    const cut = {
      timeZone: 'Australia/Sydney',
      rateCalendar: { hours: { tuesday: [{ opens: '09:00', closes: '17:00' }] }, holidays: [] },
    };
    expect(compared([evening], rounded({}), rounded({ incrementMinutes: 60 }, cut))).toEqual([]);
    expect(compared([evening], rounded({}), rounded({ incrementMinutes: 60 }))).toEqual([['w-1', '75.00', 90]]);
  });
});

describe('a price that is asked once', () => {
  it('is asked once now too, by the lines that are compared, under another rule of the same version', () => {
    const visit: WorkTypePricing = { workType: 'remote', mode: 'flat', per: 'ticket', price: '99.00' };
    const network: CoverageRule = { ...ALL_BILLABLE, id: 'net', match: { categories: ['network'] } };
    const contract = contractFacts({ terms: terms({ workTypes: [visit] }, [network, ALL_BILLABLE]) });
    const invoiced = linesOf([hour], contract);
    const tickets = new Map([['T-1', ticketFacts({ category: 'network' })]]);
    expect(mismatches([hour], { contracts: [contract], tickets, invoiced })).toEqual([]);
    const dearer = terms({ workTypes: [{ ...visit, price: '120.00' }] }, [network, ALL_BILLABLE]);
    const gap = only(mismatches([hour], { contracts: published(dearer, contract), tickets, invoiced }));
    expect(values([gap])).toEqual([['w-1', '21.00', 60]]);
  });
});

describe('work that is another month’s by now', () => {
  it('is compared where its invoice is: what was invoiced here stays here', () => {
    // 22:00 in Greenwich on the last of March is nine in the morning of the first of April in Sydney.
    const evening = time({ startedAt: '2026-03-31T22:00:00Z', endedAt: '2026-03-31T23:00:00Z' });
    const contract = contractFacts({ terms: at('150.00') });
    const asRated = rate(facts([evening], { contracts: [contract], clientTimeZone: 'UTC' })).items;
    expect(asRated.map(({ net }) => net?.amount)).toEqual(['150.00']);
    const account = { invoiced: asInvoiced(asRated), clientTimeZone: 'Australia/Sydney' } as const;
    expect(values(mismatches([evening], { ...account, contracts: [contract] }))).toEqual([]);
    expect(values(mismatches([evening], { ...account, contracts: published(at('200.00'), contract) }))).toEqual([
      ['w-1', '50.00', 60],
    ]);
  });
});

describe('one scope that versions round differently', () => {
  const ticket = (minimumMinutes: number): ContractTerms =>
    terms({ minimumMinutes, incrementMinutes: 15, roundingScope: 'ticket' });
  const versions = (
    [
      ['2026-01-01', 60],
      ['2026-03-15', 120],
      ['2026-03-25', 90],
    ] as const
  ).map(([effectiveFrom, minimum], index) => ({
    versionNumber: index + 1,
    effectiveFrom,
    effectiveTo: null,
    terms: ticket(minimum),
  }));
  const contract = contractFacts({ versions });
  const early = time({ minutes: 20 });
  const late = time({ workItemId: 'w-2', position: 2, minutes: 20, workDate: '2026-03-20' });
  const latest = time({ workItemId: 'w-3', position: 3, minutes: 20, workDate: '2026-03-26' });

  it('keeps for each line the minutes that its own version gave it', () => {
    const invoiced = linesOf([early], contract);
    expect(nets(invoiced)).toEqual(['150.00']);
    const account = { contracts: [contract], invoiced };
    expect(values(mismatches([early, late], account))).toEqual([]);
    expect(values(mismatches([early, late, latest], account))).toEqual([]);
  });

  it('rounds a line anew where minimum or increment are others for it: beside the hour that the others have', () => {
    const invoiced = linesOf([early], contract);
    const under = (changed: ContractTerms) => {
      const anew = { versionNumber: 4, effectiveFrom: '2026-01-01', effectiveTo: '2026-03-14', terms: changed };
      const contracts = [{ ...contract, versions: [...versions, anew] }];
      expect(
        rate(facts([early, late, latest], { contracts, invoiced })).items.map(({ billableMinutes }) => billableMinutes),
      ).toEqual([60, 30, 30]);
      return values(mismatches([early, late, latest], { contracts, invoiced }));
    };
    expect(under(ticket(60))).toEqual([]);
    // Of half an hour nothing is left, of 90 min 30, and of three hours two: 60 were asked.
    expect(under(ticket(30))).toEqual([['w-1', '-150.00', 20]]);
    expect(under(ticket(90))).toEqual([['w-1', '-75.00', 20]]);
    expect(under(ticket(180))).toEqual([['w-1', '150.00', 20]]);
  });

  it('keeps them for what is prepaid, be it drawn or overage', () => {
    const prepaid = contractFacts({
      versions: versions.map((one) => ({
        ...one,
        terms: { ...one.terms, coverage: [{ ...ALL_BILLABLE, outcome: 'prepaid' }] },
      })),
    });
    const of = (held: ContractFacts) => {
      const invoiced = asInvoiced(rate(facts([early], { contracts: [held] })).items);
      return [nets(invoiced), values(mismatches([early, late, latest], { contracts: [held], invoiced }))];
    };
    expect(of(prepaid)).toEqual([['150.00'], []]);
    expect(of({ ...prepaid, blocks: [block('b', { unit: 'minutes', minutes: 600 })] })).toEqual([['0.00'], []]);
  });
});

describe('what was written off without a price', () => {
  it('is compared with nothing: there is no price of then', () => {
    const onsite = time({ workType: 'onsite' });
    const contract = contractFacts();
    const unpriced = rate(facts([onsite], { contracts: [contract] })).items;
    expect(unpriced.map(({ net }) => net)).toEqual([null]);
    const contracts = published(at('150.00'), contract);
    expect(values(mismatches([onsite], { contracts, writtenOff: asWrittenOff(unpriced) }))).toEqual([]);
  });
});
