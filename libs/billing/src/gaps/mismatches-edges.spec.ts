import { describe, expect, it } from '@jest/globals';
import type { Cap, ContractTerms, CoverageRule, RateCard } from '@billtrail/contracts';
import {
  ALL_BILLABLE,
  asInvoiced,
  asWrittenOff,
  contractFacts,
  expense,
  facts,
  material,
  only,
  terms,
  ticketFacts,
  time,
} from '../testing/facts.js';
import { block, minutes, money } from '../testing/charges.js';
import type { ClientPeriodFacts } from '../client-period.js';
import type { ContractFacts, DerivedGap, WorkItem } from '../rating/facts.js';
import { rateExplained as rate } from '../rate.js';

const aud = (amount: string) => ({ amount, currency: 'AUD' });
const hour = time();
/** The contract with one more version, for days from the beginning of the year or from the one given. */
const published = (
  changed: ContractTerms,
  before: ContractFacts = contractFacts(),
  effectiveFrom = '2026-01-01',
): ContractFacts => ({
  ...before,
  versions: [
    ...before.versions,
    { versionNumber: before.versions.length + 1, effectiveFrom, effectiveTo: null, terms: changed },
  ],
});
const at = (pricePerHour: string, changes: Partial<RateCard> = {}): ContractTerms =>
  terms({ labour: [{ workType: 'remote', engineerRole: null, pricePerHour }], ...changes });
const rulesOf = (...coverage: readonly CoverageRule[]): ContractTerms => ({ ...at('150.00'), coverage });
const PREPAID: CoverageRule = { ...ALL_BILLABLE, id: 'pre', outcome: 'prepaid' };
/** What the account holds when what is billable of the work was invoiced under the contract given. */
const invoicedUnder = (work: readonly WorkItem[], contract: ContractFacts = contractFacts()) => ({
  contracts: [contract],
  invoiced: asInvoiced(
    rate(facts(work, { contracts: [contract] })).items.filter(({ disposition }) => disposition === 'billable'),
  ),
});
const mismatches = (work: readonly WorkItem[], changes: Partial<ClientPeriodFacts>): readonly DerivedGap[] =>
  rate(facts(work, changes)).gaps.filter(({ kind }) => kind === 'contract-mismatch');
const values = (gaps: readonly DerivedGap[]): unknown[] => gaps.map(({ valueAtRisk }) => valueAtRisk.money?.amount);
/** What the gap says after what the line asks. */
const told = (gaps: readonly DerivedGap[]): string => only(gaps).cause.split('; ').slice(1).join('; ');

/** Half an hour before five, an hour after it. */
const evening = time({ minutes: 90, startedAt: '2026-03-10T16:30:00+11:00', endedAt: '2026-03-10T18:00:00+11:00' });
const byClass = (multiplier: string, more: Partial<RateCard> = {}): ContractTerms => ({
  ...at('150.00', { rateClassMultipliers: [{ rateClass: 'after-hours', multiplier }], ...more }),
  timeZone: 'Australia/Sydney',
  rateCalendar: { hours: { tuesday: [{ opens: '09:00', closes: '17:00' }] }, holidays: [] },
});

describe('what a mismatch says', () => {
  const under = (contract: ContractFacts) => mismatches([hour], { ...invoicedUnder([hour]), contracts: [contract] });

  it('what the line asks, what it would ask now, and the difference', () => {
    expect(only(under(published(at('300.00')))).cause).toBe(
      'invoice inv-1 asks 150.00 AUD for w-1 at 150.00 (con-1 version 1); ' +
        'con-1 version 2, in force now, gives 300.00 AUD at 300.00: undercharged by 150.00 AUD',
    );
    expect(told(under(published(rulesOf({ ...ALL_BILLABLE, outcome: 'included' }))))).toBe(
      'con-1 version 2, in force now, includes it: overcharged by 150.00 AUD',
    );
    expect(told(under(published(terms({ labour: [] }))))).toBe(
      'con-1 version 2, in force now, gives it no price: 150.00 AUD is asked without a price',
    );
    expect(told(under({ ...contractFacts(), lastDay: '2026-03-01' }))).toBe(
      'no contract in force now gives it a price: 150.00 AUD is asked without a price',
    );
    const tickets = new Map([
      ['T-1', ticketFacts({ noCharge: { reasonCode: 'goodwill', reason: 'ours', eventId: 'ev-n' } })],
    ]);
    expect(told(mismatches([hour], { ...invoicedUnder([hour]), tickets }))).toBe(
      'its ticket is declared no-charge now: overcharged by 150.00 AUD',
    );
  });

  it('of another currency: nothing of the line is right, and no sum is made of both', () => {
    const gaps = under(published(at('300.00', { currency: 'NZD' })));
    expect(only(gaps).valueAtRisk.money).toEqual(aud('-150.00'));
    expect(told(gaps)).toBe('con-1 version 2, in force now, gives 300.00 NZD at 300.00: overcharged by 150.00 AUD');
  });

  it('another rate of the same money where there is one rate, and nothing where there are two', () => {
    const nothing = time({ statedBillableMinutes: 0 });
    expect(mismatches([nothing], { ...invoicedUnder([nothing]), contracts: [published(at('300.00'))] })).toEqual([]);
    const cheaper = byClass('1.25', { labour: [{ workType: null, engineerRole: null, pricePerHour: '100.00' }] });
    // 30 min at 100.00 and 60 min at 125.00 are 175.00, as are 90 min at 116.66..
    const lump = contractFacts({
      terms: terms({ labour: [{ workType: null, engineerRole: null, pricePerHour: '175.00', priceMinutes: 90 }] }),
    });
    const before = invoicedUnder([evening], lump);
    expect(before.invoiced.map(({ line }) => line.net.amount)).toEqual(['175.00']);
    expect(mismatches([evening], { ...before, contracts: [published(cheaper, lump)] })).toEqual([]);
    const one = terms({ labour: [{ workType: null, engineerRole: null, pricePerHour: '116.67' }] });
    expect(values(mismatches([evening], { ...before, contracts: [published(one, lump)] }))).toEqual(['0.01']);
  });
});

describe('which work is compared', () => {
  const dearer = { contracts: [published(at('300.00'))] };

  it('only what still is there, on the same ticket; and beside a write-off what that did not cover', () => {
    const account = { ...invoicedUnder([hour]), ...dearer };
    expect(values(mismatches([hour], account))).toEqual(['150.00']);
    expect(mismatches([], account)).toEqual([]);
    expect(mismatches([time({ ticketId: 'T-2' })], account)).toEqual([]);
    const longer = time({ minutes: 90, sourceEventIds: ['ev-w-1', 'ev-w-1b'] });
    const first = invoicedUnder([hour]);
    const open = rate(facts([longer], first)).items.filter(({ disposition }) => disposition === 'billable');
    // 450.00, of which 150.00 were asked and 75.00 forgone.
    const forgone = { ...first, ...dearer, writtenOff: asWrittenOff(open) };
    expect(values(mismatches([longer], forgone))).toEqual(['225.00']);
    const invoiced = [...first.invoiced, ...asInvoiced(open, 'inv-2')];
    expect(values(mismatches([longer], { ...dearer, invoiced }))).toEqual(['225.00']);
  });

  it('once where it was corrected and corrected back, also where an adjustment before was forgone', () => {
    const correctedTo = (many: number) => time({ minutes: many, sourceEventIds: ['ev-w-1', `ev-${many}`] });
    const open = (many: number, account: Partial<ClientPeriodFacts>) =>
      rate(facts([correctedTo(many)], account)).items.filter(({ disposition }) => disposition === 'billable');
    const first = invoicedUnder([hour]);
    const more = { invoiced: [...first.invoiced, ...asInvoiced(open(90, first), 'inv-2')] };
    const back = [...more.invoiced, ...asInvoiced(open(60, more), 'inv-3')];
    expect(back.map(({ line }) => line.net.amount)).toEqual(['150.00', '75.00', '-75.00']);
    expect(values(mismatches([correctedTo(60)], { ...dearer, invoiced: back }))).toEqual(['150.00']);
    const forgone = { ...first, writtenOff: asWrittenOff(open(90, first)) };
    const beyond = [...first.invoiced, ...asInvoiced(open(100, forgone), 'inv-2')];
    expect(beyond.map(({ line }) => line.net.amount)).toEqual(['150.00', '25.00']);
    // 500.00, of which 175.00 were asked and 75.00 forgone.
    const now = { ...forgone, ...dearer, invoiced: beyond };
    expect(values(mismatches([correctedTo(100)], now))).toEqual(['250.00']);
  });

  it('not under a contract of which nothing is known; and the adjustment that a draft holds once, with its line', () => {
    const account = invoicedUnder([hour]);
    expect(mismatches([hour], { ...account, contracts: [] })).toEqual([]);
    const longer = time({ minutes: 90, sourceEventIds: ['ev-w-1', 'ev-w-1b'] });
    const open = rate(facts([longer], account)).items.filter(({ disposition }) => disposition === 'billable');
    const draft = { drafted: asInvoiced(open, 'inv-2'), claimed: new Map([['w-1@a1', 'inv-2']]) };
    expect(values(mismatches([longer], { ...account, ...dearer, ...draft }))).toEqual(['225.00']);
  });

  it('what a block covered too: its price, and the minutes that would go back (B2)', () => {
    const contract = contractFacts({ terms: rulesOf(PREPAID), blocks: [block('b', minutes(60))] });
    const covered = asInvoiced(rate(facts([time({ minutes: 90 })], { contracts: [contract] })).items);
    const changed = { contracts: [published(at('300.00'), contract)] };
    // 90 min at 300.00 are 450.00, of which 75.00 were asked as overage; the block would have its hour again.
    expect(only(mismatches([time({ minutes: 90 })], { ...changed, invoiced: covered })).valueAtRisk).toEqual({
      money: aud('375.00'),
      minutes: -60,
    });
    const longer = time({ minutes: 120, sourceEventIds: ['ev-w-1', 'ev-w-1b'] });
    const open = rate(facts([longer], { contracts: [contract], invoiced: covered })).items.slice(2);
    const invoiced = [...covered, ...asInvoiced(open, 'inv-2')];
    // 120 min are 600.00, of which 150.00 were asked in two lines.
    expect(only(mismatches([longer], { ...changed, invoiced })).valueAtRisk).toEqual({
      money: aud('450.00'),
      minutes: -60,
    });
    // While the terms of now draw on the block too, what was adjusted beside a draw is an input.
    const still = published({
      ...rulesOf(PREPAID),
      prepaid: { overage: { pricePerHour: '300.00', multiplied: false } },
    });
    const contracts = [{ ...still, blocks: [block('b', minutes(60))] }];
    expect(mismatches([longer], { contracts, invoiced })).toEqual([]);
  });

  it('materials by their pieces, those of an adjustment too, and on two lines as one', () => {
    const plus = terms({ materials: { pricing: 'cost-plus', markupPercent: '50' } });
    const more = material({ quantity: '5', sourceEventIds: ['ev-m-1', 'ev-m-1b'] });
    const first = invoicedUnder([material()]);
    const open = rate(facts([more], first)).items.filter(({ disposition }) => disposition === 'billable');
    const invoiced = [...first.invoiced, ...asInvoiced(open, 'inv-2')];
    // 5 pieces at 12.00 in place of 15.00.
    expect(only(mismatches([more], { contracts: [published(plus)], invoiced })).valueAtRisk).toEqual({
      money: aud('-15.00'),
      minutes: null,
    });
    const caps = [{ id: 'cap', name: 'Limit', scope: 'ticket', amount: '15.00', above: 'gap' } as const];
    const capped = contractFacts({ terms: { ...terms(), caps } });
    const cut = invoicedUnder([material()], capped);
    const freed = published(terms(), capped);
    const rest = rate(facts([material()], { ...cut, contracts: [freed] })).items.slice(1);
    const both = [...cut.invoiced, ...asInvoiced(rest, 'inv-2')];
    expect(both.map(({ line }) => [line.itemId, line.quantity])).toEqual([
      ['m-1@p1', '1'],
      ['m-1@p2', '2'],
    ]);
    expect(only(mismatches([material()], { contracts: [published(plus, freed)], invoiced: both })).valueAtRisk).toEqual(
      {
        money: aud('-9.00'),
        minutes: null,
      },
    );
  });

  it('that falls under another contract or another rule now, in whatever version', () => {
    const account = invoicedUnder([hour]);
    const other = contractFacts({ contractId: 'con-2', priority: 5, terms: at('200.00') });
    const gaps = mismatches([hour], { ...account, contracts: [contractFacts(), other] });
    expect(told(gaps)).toBe('con-2 version 1, in force now, gives 200.00 AUD at 200.00: undercharged by 50.00 AUD');
    const network: CoverageRule = {
      id: 'net',
      name: 'Network',
      match: { categories: ['network'] },
      outcome: 'included',
    };
    const tickets = new Map([['T-1', ticketFacts({ category: 'network' })]]);
    const twoRules = invoicedUnder([hour], contractFacts({ terms: rulesOf(network, ALL_BILLABLE) }));
    expect(values(mismatches([hour], { ...twoRules, tickets }))).toEqual(['-150.00']);
    expect(mismatches([hour], twoRules)).toEqual([]);
  });

  it('that has another class now, because the client keeps its days elsewhere', () => {
    const { timeZone: _none, ...zoneless } = byClass('2');
    const late = time({ startedAt: '2026-03-10T17:00:00+11:00', endedAt: '2026-03-10T18:00:00+11:00' });
    const contracts = [contractFacts({ terms: zoneless })];
    const sydney = { contracts, clientTimeZone: 'Australia/Sydney' };
    const invoiced = asInvoiced(rate(facts([late], sydney)).items);
    expect(invoiced.map(({ line }) => line.net.amount)).toEqual(['300.00']);
    expect(mismatches([late], { ...sydney, invoiced })).toEqual([]);
    // Five in Sydney is two in Perth.
    expect(values(mismatches([late], { contracts, clientTimeZone: 'Australia/Perth', invoiced }))).toEqual(['-150.00']);
  });
});

describe('one line over several stretches', () => {
  it('is compared with the sum of what they ask now', () => {
    const account = invoicedUnder([evening]);
    const gaps = mismatches([evening], { ...account, contracts: [published(byClass('2'))] });
    // 90 min were 225.00; now 30 min are 75.00 and 60 min 300.00.
    expect(only(gaps).valueAtRisk).toEqual({ money: aud('150.00'), minutes: 90 });
  });

  it('also where only one of them is under another version now', () => {
    const night = time({ minutes: 90, startedAt: '2026-03-10T23:30:00+11:00', endedAt: '2026-03-11T01:00:00+11:00' });
    const zoned = (price: string) => ({ ...at(price), timeZone: 'Australia/Sydney' });
    const before = contractFacts({ terms: zoned('150.00') });
    const contracts = [published(zoned('300.00'), before, '2026-03-11')];
    // 60 of 90 min cost twice as much.
    expect(values(mismatches([night], { ...invoicedUnder([night], before), contracts }))).toEqual(['150.00']);
  });

  it('has no price now where they are in two currencies', () => {
    const night = time({ minutes: 90, startedAt: '2026-03-10T23:30:00+11:00', endedAt: '2026-03-11T01:00:00+11:00' });
    const zoned = { ...at('150.00'), timeZone: 'Australia/Sydney' };
    const account = invoicedUnder([night], contractFacts({ terms: zoned }));
    const foreign = { ...at('150.00', { currency: 'NZD' }), timeZone: 'Australia/Sydney' };
    const contracts = [published(foreign, contractFacts({ terms: zoned }), '2026-03-11')];
    expect(values(mismatches([night], { ...account, contracts }))).toEqual(['-225.00']);
  });

  it('and a line of one stretch with that stretch alone', () => {
    const contract = contractFacts({ terms: byClass('1.5') });
    const account = invoicedUnder([evening], contract);
    const contracts = [
      published(byClass('2', { labour: [{ workType: null, engineerRole: null, pricePerHour: '200.00' }] }), contract),
    ];
    const of = (itemId: string) =>
      mismatches([evening], { contracts, invoiced: account.invoiced.filter(({ line }) => line.itemId === itemId) });
    // 30 min at 150.00, now at 200.00; 60 min at 225.00, now at 400.00.
    expect(only(of('w-1@p1')).valueAtRisk).toEqual({ money: aud('25.00'), minutes: 30 });
    expect(only(of('w-1@p2')).valueAtRisk).toEqual({ money: aud('175.00'), minutes: 60 });
    expect(only(mismatches([evening], { contracts, invoiced: account.invoiced })).valueAtRisk).toEqual({
      money: aud('200.00'),
      minutes: 90,
    });
  });
});

describe('prepaid then or now', () => {
  const overageAt = (pricePerHour: string): ContractTerms => ({
    ...rulesOf(PREPAID),
    prepaid: { overage: { pricePerHour, multiplied: false } },
  });

  it('overage is compared with the overage of now, also where there is a block by now', () => {
    const contract = contractFacts({ terms: overageAt('180.00') });
    const account = invoicedUnder([hour], contract);
    expect(account.invoiced.map(({ line }) => line.net.amount)).toEqual(['180.00']);
    const dearer = published(overageAt('200.00'), contract);
    expect(values(mismatches([hour], { ...account, contracts: [dearer] }))).toEqual(['20.00']);
    const blocks = [block('b', minutes(600))];
    expect(values(mismatches([hour], { ...account, contracts: [{ ...dearer, blocks }] }))).toEqual(['20.00']);
    expect(mismatches([hour], account)).toEqual([]);
  });

  it('a block of its day, or an allotment, would have covered what was billed', () => {
    const account = invoicedUnder([hour]);
    const prepaid = published(overageAt('150.00'));
    const by = (changes: Partial<ContractFacts>) =>
      values(mismatches([hour], { ...account, contracts: [{ ...prepaid, ...changes }] }));
    const blockOf = (purchasedOn: string, expiresOn: string | null) => ({
      blocks: [block('b', minutes(600), { purchasedOn, expiresOn })],
    });
    expect(by({})).toEqual([]);
    expect(by(blockOf('2026-03-10', '2026-03-10'))).toEqual(['-150.00']);
    expect(by(blockOf('2026-03-10', null))).toEqual(['-150.00']);
    expect(by(blockOf('2026-03-11', null))).toEqual([]);
    expect(by(blockOf('2026-03-01', '2026-03-09'))).toEqual([]);
    const allotment = { id: 'base', name: 'Base', base: minutes(60), rollOver: 'none' as const };
    const allotted = published({ ...overageAt('150.00'), prepaid: { allotment } });
    expect(values(mismatches([hour], { ...account, contracts: [allotted] }))).toEqual(['-150.00']);
  });

  it('a block of time covers no goods, one of money does', () => {
    const account = invoicedUnder([material(), expense()]);
    const holding = (amount: Parameters<typeof block>[1]) => [
      { ...published(rulesOf(PREPAID)), blocks: [block('b', amount)] },
    ];
    expect(mismatches([material(), expense()], { ...account, contracts: holding(minutes(600)) })).toEqual([]);
    expect(values(mismatches([material(), expense()], { ...account, contracts: holding(money('500.00')) }))).toEqual([
      '-45.00',
      '-22.00',
    ]);
  });
});

describe('minutes are those of the line', () => {
  it('but where the minimum or the increment is another now', () => {
    const short = time({ minutes: 50 });
    const rounded = (changes: Partial<RateCard>) => at('150.00', changes);
    const before = contractFacts({ terms: rounded({ minimumMinutes: 30, incrementMinutes: 15 }) });
    const account = invoicedUnder([short], before);
    expect(account.invoiced.map(({ line }) => line.billableMinutes)).toEqual([60]);
    const now = (changes: Partial<RateCard>) =>
      values(mismatches([short], { ...account, contracts: [published(rounded(changes), before)] }));
    expect(now({ minimumMinutes: 30, incrementMinutes: 15 })).toEqual([]);
    expect(now({ minimumMinutes: 120, incrementMinutes: 15 })).toEqual(['150.00']);
    expect(now({ minimumMinutes: 30, incrementMinutes: 1 })).toEqual(['-25.00']);
    expect(now({ minimumMinutes: 30, incrementMinutes: 15, roundingScope: 'ticket' })).toEqual([]);
  });
});

describe('a higher price that caps of now do not let through', () => {
  const cap = (amount: string, changes: Partial<Cap> = {}): Cap => ({
    id: 'cap',
    name: 'Budget',
    scope: 'period',
    amount,
    above: 'write-down',
    ...changes,
  });
  const second = time({ workItemId: 'w-2', position: 2, sourceEventIds: ['ev-w-2'] });
  const now = (price: string, ...caps: readonly Cap[]) => {
    const account = invoicedUnder([hour, second]);
    const contracts = [published({ ...at(price), caps })];
    return mismatches([hour, second], { ...account, contracts }).map(({ workItemId, valueAtRisk }) => [
      workItemId,
      valueAtRisk.money?.amount,
    ]);
  };

  it('is what the cap has room for beside all that is frozen, used up line by line', () => {
    // 300.00 are frozen, and each line would ask 50.00 more.
    expect(now('200.00', cap('500.00'))).toEqual([
      ['w-1', '50.00'],
      ['w-2', '50.00'],
    ]);
    expect(now('200.00', cap('370.00'))).toEqual([
      ['w-1', '50.00'],
      ['w-2', '20.00'],
    ]);
    expect(now('200.00', cap('330.00'))).toEqual([['w-1', '30.00']]);
    expect(now('200.00', cap('200.00'))).toEqual([]);
  });

  it('by the tightest of those that the work is under', () => {
    expect(now('200.00', cap('400.00'), cap('310.00', { id: 'tight' }))).toEqual([['w-1', '10.00']]);
    expect(now('200.00', cap('310.00', { id: 'tight' }), cap('400.00'))).toEqual([['w-1', '10.00']]);
    const elsewhere = cap('30.00', { id: 'onsite', match: { workTypes: ['onsite'] } });
    expect(now('200.00', elsewhere)).toEqual([
      ['w-1', '50.00'],
      ['w-2', '50.00'],
    ]);
  });

  it('and a lower price is one whatever the cap', () => {
    expect(now('120.00', cap('310.00'))).toEqual([
      ['w-1', '-30.00'],
      ['w-2', '-30.00'],
    ]);
    // What would be asked less of one makes no room for another: it is still frozen.
    const senior = { ...second, engineerRole: 'senior' };
    const labour = [
      { workType: 'remote', engineerRole: null, pricePerHour: '120.00' },
      { workType: 'remote', engineerRole: 'senior', pricePerHour: '200.00' },
    ];
    const contracts = [published({ ...terms({ labour }), caps: [cap('310.00')] })];
    expect(values(mismatches([hour, senior], { ...invoicedUnder([hour, senior]), contracts }))).toEqual([
      '-30.00',
      '10.00',
    ]);
  });

  it('is said by what is let through, at the rate that was billed', () => {
    const account = invoicedUnder([hour]);
    const contracts = [published({ ...at('200.00'), caps: [cap('170.00')] })];
    expect(told(mismatches([hour], { ...account, contracts }))).toBe(
      'con-1 version 2, in force now, gives 170.00 AUD at 150.00: undercharged by 20.00 AUD',
    );
  });
});
