import { describe, expect, it } from '@jest/globals';
import type { ContractTerms, RateCard } from '@billtrail/contracts';
import type { ClientPeriodFacts, FrozenLine } from '../client-period.js';
import { rateExplained as rate } from '../rate.js';
import type { ContractFacts, WorkItem } from '../rating/facts.js';
import { CONFIGURATION, asInvoiced, contractFacts, facts, terms, ticketFacts, time } from '../testing/facts.js';

type Time = Extract<WorkItem, { kind: 'time' }>;
type Account = Partial<ClientPeriodFacts>;

/** The contract with one more version, for days from the beginning of the year or from the one given. */
const published = (changed: ContractTerms, before: ContractFacts, effectiveFrom = '2026-01-01'): Account => ({
  contracts: [
    {
      ...before,
      versions: [...before.versions, { versionNumber: 2, effectiveFrom, effectiveTo: null, terms: changed }],
    },
  ],
});
const at = (pricePerHour: string, changes: Partial<RateCard> = {}): ContractTerms =>
  terms({ labour: [{ workType: null, engineerRole: null, pricePerHour }], ...changes });
const linesOf = (work: readonly WorkItem[], account: Account): readonly FrozenLine[] =>
  asInvoiced(rate(facts(work, account)).items.filter(({ disposition }) => disposition === 'billable'));
const nets = (lines: readonly FrozenLine[]) => lines.map(({ line }) => line.net.amount);
const mismatches = (work: readonly WorkItem[], account: Account) =>
  rate(facts(work, account)).gaps.filter(({ kind }) => kind === 'contract-mismatch');
const values = (...given: Parameters<typeof mismatches>) =>
  mismatches(...given).map(({ workItemId, valueAtRisk }) => `${workItemId} ${valueAtRisk.money?.amount}`);
const on = (number: number, changes: Partial<Time> = {}): Time =>
  time({ workItemId: `w-${number}`, ticketId: `T-${number}`, position: number, minutes: 20, ...changes });

describe('lines that are compared together', () => {
  /** An hour a ticket at least; work by engineers and by seniors. */
  const card = (engineer: string, senior: string, changes: Partial<RateCard> = {}): ContractTerms =>
    terms({
      labour: [
        { workType: null, engineerRole: 'engineer', pricePerHour: engineer },
        { workType: null, engineerRole: 'senior', pricePerHour: senior },
      ],
      minimumMinutes: 60,
      roundingScope: 'ticket',
      ...changes,
    });
  const before = contractFacts({ terms: card('150.00', '150.00') });

  it('are those of one minimum: one that is 10.00 dearer and one that is 20.00 cheaper are 10.00 too much, told once', () => {
    const both = [on(1, { minutes: 30 }), on(2, { minutes: 30, ticketId: 'T-1', engineerRole: 'senior' })];
    const invoiced = linesOf(both, { contracts: [before] });
    expect(nets(invoiced)).toEqual(['75.00', '75.00']);
    expect(values(both, { invoiced, ...published(card('170.00', '110.00'), before) })).toEqual([
      'w-1 0.00',
      'w-2 -10.00',
    ]);
  });

  it('are no two that share nothing, of two tickets', () => {
    const both = [on(1), on(2, { engineerRole: 'senior' })];
    const invoiced = linesOf(both, { contracts: [before] });
    expect(nets(invoiced)).toEqual(['150.00', '150.00']);
    expect(values(both, { invoiced, ...published(card('170.00', '110.00'), before) })).toEqual([
      'w-1 20.00',
      'w-2 -40.00',
    ]);
  });

  it('are no two that are rounded by themselves now, though they shared a minimum', () => {
    const both = [on(1, { minutes: 30 }), on(2, { minutes: 30, ticketId: 'T-1', engineerRole: 'senior' })];
    const invoiced = linesOf(both, { contracts: [before] });
    const alone = card('170.00', '110.00', { minimumMinutes: 0, roundingScope: 'entry' });
    expect(values(both, { invoiced, ...published(alone, before) })).toEqual(['w-1 10.00', 'w-2 -20.00']);
  });

  it('are drafts of one visit of which another was moved: both of them are asked too little', () => {
    const visits = contractFacts({ terms: at('170.00', { minimumMinutes: 120, roundingScope: 'visit' }) });
    const both = [on(1), on(2)];
    const places = (one: string, other: string): Account => ({
      contracts: [visits],
      tickets: new Map([
        ['T-1', ticketFacts({ siteId: one })],
        ['T-2', ticketFacts({ ticketId: 'T-2', siteId: other })],
      ]),
    });
    const drafted = linesOf(both, places('a', 'a'));
    expect(nets(drafted)).toEqual(['170.00', '170.00']);
    const claimed = new Map(both.map(({ workItemId }) => [workItemId, 'inv-1']));
    expect(values(both, { ...places('a', 'a'), drafted, claimed })).toEqual([]);
    expect(values(both, { ...places('a', 'b'), drafted, claimed })).toEqual(['w-1 170.00', 'w-2 170.00']);
  });
});

describe('the stretches of now that a line carries', () => {
  const zoned = (pricePerHour: string, changes: Partial<RateCard> = {}): ContractTerms => ({
    ...at(pricePerHour, changes),
    timeZone: 'Australia/Sydney',
  });

  it('are none that only begin where the line ends, though their price is one whatever the minutes', () => {
    // One hour before midnight at 150.00 an hour, and one after it at 99.00 a ticket.
    const night = time({ minutes: 120, startedAt: '2026-03-10T23:00:00+11:00', endedAt: '2026-03-11T01:00:00+11:00' });
    const flat = zoned('150.00', { workTypes: [{ workType: 'remote', mode: 'flat', price: '99.00', per: 'ticket' }] });
    const account = published(flat, contractFacts({ terms: zoned('150.00') }), '2026-03-11');
    const invoiced = linesOf([night], account);
    expect(nets(invoiced)).toEqual(['150.00', '99.00']);
    expect(values([night], { ...account, invoiced })).toEqual([]);
    expect(values([night], { ...account, invoiced: invoiced.slice(0, 1) })).toEqual([]);
    expect(values([night], { ...account, invoiced: invoiced.slice(1) })).toEqual([]);
  });

  it('are those of the month of its invoice, where the month ends within the work by now', () => {
    // 12:30 to 14:30 in Greenwich is half past eleven to half past one in Sydney.
    const night = time({
      minutes: 120,
      workDate: '2026-03-31',
      startedAt: '2026-03-31T12:30:00Z',
      endedAt: '2026-03-31T14:30:00Z',
    });
    const before = contractFacts({ terms: at('150.00') });
    const invoiced = linesOf([night], { contracts: [before], clientTimeZone: 'UTC' });
    expect(nets(invoiced)).toEqual(['300.00']);
    const inSydney = { invoiced, clientTimeZone: 'Australia/Sydney' };
    expect(values([night], { ...inSydney, ...published(at('200.00'), before, '2026-04-01') })).toEqual([]);
    expect(values([night], { ...inSydney, ...published(at('200.00'), before) })).toEqual(['w-1 100.00']);
  });

  it('have another tax where they lie on another day by now', () => {
    const rates = [
      { from: '2026-01-01', rate: '10' },
      { from: '2026-03-11', rate: '15' },
    ];
    const configuration = { ...CONFIGURATION, taxRates: { GST: { rate: rates } }, taxDate: 'supply' } as const;
    const late = time({ startedAt: '2026-03-10T22:00:00Z', endedAt: '2026-03-10T23:00:00Z' });
    const account = { contracts: [contractFacts({ terms: at('150.00') })], configuration };
    const invoiced = linesOf([late], { ...account, clientTimeZone: 'UTC' });
    expect(values([late], { ...account, invoiced, clientTimeZone: 'UTC' })).toEqual([]);
    const [gap] = mismatches([late], { ...account, invoiced, clientTimeZone: 'Australia/Sydney' });
    expect(gap?.valueAtRisk.money?.amount).toBe('0.00');
    expect(gap?.cause).toMatch(/taxes it as of 2026-03-11, not of 2026-03-10: another tax, and no difference in net$/);
  });

  it('keep the minutes of the line where there are several, though each would share a minimum by now', () => {
    const evening = time({ minutes: 90, startedAt: '2026-03-10T16:30:00+11:00', endedAt: '2026-03-10T18:00:00+11:00' });
    const shared = { minimumMinutes: 240, roundingScope: 'ticket' } as const;
    const before = contractFacts({ terms: zoned('150.00', shared) });
    const invoiced = linesOf([evening], { contracts: [before] });
    expect(nets(invoiced)).toEqual(['600.00']);
    const byClass: ContractTerms = {
      ...zoned('150.00', { ...shared, rateClassMultipliers: [{ rateClass: 'after-hours', multiplier: '2' }] }),
      rateCalendar: { hours: { tuesday: [{ opens: '09:00', closes: '17:00' }] }, holidays: [] },
    };
    // 240 min over 30 and 60: 80 min at 150.00 are 200.00, and 160 at 300.00 are 800.00.
    expect(values([evening], { invoiced, ...published(byClass, before) })).toEqual(['w-1 400.00']);
  });
});
