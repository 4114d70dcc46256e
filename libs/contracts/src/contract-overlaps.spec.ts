import { describe, expect, it } from '@jest/globals';
import { type Refusal, isRefusal } from '@billtrail/kernel';
import type { ActivateContract, ContractCommand } from './commands.js';
import { contract } from './contract.js';
import type { ContractState } from './contract-state.js';
import type { ContractTerms } from './events.js';
import type { ContractToAnalyse } from './coverage-analysis.js';
import { warningsOfCount, warningsOfTerms } from './contract-warnings.js';

const ISSUED = { at: '2026-01-01T00:00:00Z', by: { id: 'a-1', role: 'accounts' } } as const;
const TERMS: ContractTerms = {
  coverage: [{ id: 'all', name: 'All', match: {}, outcome: 'billable' }],
  rateCard: {
    id: 'card',
    name: 'Card',
    currency: 'AUD',
    labour: [{ workType: null, engineerRole: null, pricePerHour: '150.00' }],
    minimumMinutes: 0,
    incrementMinutes: 1,
    roundingScope: 'entry',
    materials: { pricing: 'list' },
    expenses: { markupPercent: '0' },
    taxCategories: { time: 'GST', material: 'GST', expense: 'GST' },
  },
};
const present: ContractToAnalyse = {
  contractId: 'k-1',
  clientId: 'acme',
  name: 'First',
  priority: 100,
  lastDay: '2026-06-30',
  versions: [{ versionNumber: 1, effectiveFrom: '2026-01-01', effectiveTo: null, terms: TERMS }],
};
const activation = (changes: Partial<ActivateContract> = {}): ActivateContract => ({
  type: 'ActivateContract',
  contractId: 'k-2',
  clientId: 'acme',
  name: 'Second',
  priority: 100,
  effectiveFrom: '2026-03-01',
  effectiveTo: null,
  terms: TERMS,
  beside: [present],
  ...changes,
});
const decide = (command: ContractCommand, state: ContractState = contract.initialState) =>
  contract.decide({ ...command, ...ISSUED }, state);

function refusalOf(command: ContractCommand, state?: ContractState): Refusal {
  const decision = decide(command, state);
  if (!isRefusal(decision)) throw new Error(`${command.type} was not refused`);
  return decision;
}
function after(command: ContractCommand, state: ContractState = contract.initialState): ContractState {
  const decision = decide(command, state);
  if (isRefusal(decision)) throw new Error(decision.message);
  return decision.reduce(contract.evolve, state);
}

describe('a contract beside another of its client with the same priority', () => {
  it('is refused with the days, the other contract and what to do', () => {
    const refusal = refusalOf(activation());
    expect(refusal).toMatchObject({
      code: 'ContractsOverlap',
      details: { overlaps: [{ contractId: 'k-1', name: 'First', from: '2026-03-01', to: '2026-06-30' }] },
    });
    expect(refusal.message).toContain('k-1 (First) from 2026-03-01 to 2026-06-30');
    expect(refusal.remedy).toContain('allowOverlap');
  });

  describe('that was suspended', () => {
    const resting = () =>
      after(
        { type: 'SuspendContract', contractId: 'k-2', from: '2026-03-10', reason: 'rests' },
        after(activation({ beside: [] })),
      );
    const resume = (changes: object): ContractCommand => ({
      type: 'ResumeContract',
      contractId: 'k-2',
      resumedOn: '2026-04-01',
      ...changes,
    });
    const inItsPlace = {
      ...present,
      versions: [{ versionNumber: 1, effectiveFrom: '2026-03-10', effectiveTo: null, terms: TERMS }],
    };
    it('is not in force again where another has its days by now', () => {
      expect(refusalOf(resume({ beside: [inItsPlace] }), resting())).toMatchObject({
        code: 'ContractsOverlap',
        details: { overlaps: [{ contractId: 'k-1', from: '2026-04-01', to: '2026-06-30' }] },
      });
      expect(decide(resume({ beside: [inItsPlace], allowOverlap: true }), resting())).toHaveLength(1);
      expect(decide(resume({ beside: [{ ...inItsPlace, lastDay: '2026-03-31' }] }), resting())).toHaveLength(1);
    });
    it('is in force again beside one that it overlapped before it was', () =>
      expect(decide(resume({ beside: [present] }), resting())).toHaveLength(1));
  });

  it.each([
    ['another priority', { priority: 99 }],
    ['days after the other one', { effectiveFrom: '2026-07-01' }],
    ['days before the other one', { effectiveFrom: '2025-01-01', effectiveTo: '2025-12-31' }],
    ['the leave of the caller', { allowOverlap: true }],
    ['nothing known beside it', { beside: [] }],
    ['contracts of another client', { beside: [{ ...present, clientId: 'other' }] }],
  ] as const)('is taken with %s', (_why, changes) => {
    expect(decide(activation(changes))).toHaveLength(2);
  });

  it('meets on a single day', () => {
    expect(refusalOf(activation({ effectiveFrom: '2026-06-30' })).details).toMatchObject({
      overlaps: [{ from: '2026-06-30', to: '2026-06-30' }],
    });
  });

  it('stays quiet on repeat, whatever is beside it by now', () => {
    expect(decide(activation(), after(activation({ beside: [] })))).toEqual([]);
  });

  it('gets a version that adds no shared day, and none that adds one', () => {
    const shared = after(activation({ effectiveFrom: '2026-06-01', effectiveTo: '2026-06-10', allowOverlap: true }));
    const version = (effectiveFrom: string, effectiveTo: string | null): ContractCommand => ({
      type: 'PublishContractVersion',
      contractId: 'k-2',
      effectiveFrom,
      effectiveTo,
      terms: { ...TERMS, timeZone: 'Australia/Sydney' },
      beside: [present],
    });
    expect(decide(version('2026-06-05', '2026-06-10'), shared)).toHaveLength(1);
    expect(refusalOf(version('2026-06-05', '2026-07-10'), shared)).toMatchObject({
      code: 'ContractsOverlap',
      details: { overlaps: [{ from: '2026-06-11', to: '2026-06-30' }] },
    });
  });

  it('is not prolonged over it, nor is its end put off, unless that is meant', () => {
    const short = after(activation({ effectiveTo: '2026-03-31', beside: [] }));
    const later = {
      ...present,
      versions: [{ versionNumber: 1, effectiveFrom: '2026-05-01', effectiveTo: null, terms: TERMS }],
    };
    const renewal = { type: 'RenewContract', contractId: 'k-2', versionNumber: 1, beside: [later] } as const;
    expect(decide({ ...renewal, effectiveTo: '2026-04-30' }, short)).toHaveLength(1);
    expect(refusalOf({ ...renewal, effectiveTo: '2026-05-02' }, short)).toMatchObject({
      code: 'ContractsOverlap',
      details: { overlaps: [{ contractId: 'k-1', from: '2026-05-01', to: '2026-05-02' }] },
    });
    expect(refusalOf({ ...renewal, effectiveTo: null }, short).details).toMatchObject({
      overlaps: [{ from: '2026-05-01', to: '2026-06-30' }],
    });
    expect(decide({ ...renewal, effectiveTo: null, allowOverlap: true }, short)).toHaveLength(1);

    const end = (lastDay: string) =>
      ({ type: 'TerminateContract', contractId: 'k-2', lastDay, reason: 'sold', beside: [later] }) as const;
    const ended = after(end('2026-04-15'), after(activation({ beside: [] })));
    expect(decide(end('2026-04-30'), ended)).toHaveLength(1);
    expect(refusalOf(end('2026-05-01'), ended)).toMatchObject({
      code: 'ContractsOverlap',
      details: { overlaps: [{ from: '2026-05-01', to: '2026-05-01' }] },
    });
    expect(decide({ ...end('2026-05-01'), allowOverlap: true }, ended)).toHaveLength(1);
  });

  it('is refused where it is stated whole, unless its file allows it', () => {
    const { beside, ...part } = activation();
    const stated = (parts: readonly ActivateContract[]): ContractCommand => ({
      type: 'StateContract',
      contractId: 'k-2',
      parts,
      ...(beside === undefined ? {} : { beside }),
    });
    expect(refusalOf(stated([part])).code).toBe('ContractsOverlap');
    expect(decide(stated([{ ...part, allowOverlap: true }]))).toHaveLength(2);
  });
});

describe('warnings', () => {
  const contractWith = (changes: Partial<ContractTerms>): ContractToAnalyse => ({
    ...present,
    versions: [{ versionNumber: 1, effectiveFrom: '2026-01-01', effectiveTo: null, terms: { ...TERMS, ...changes } }],
  });

  it('are none where all work has a price', () => {
    expect(warningsOfTerms(present, [])).toEqual([]);
  });

  it('name the card without a rate, and the work that has no price', () => {
    const warnings = warningsOfTerms(contractWith({ rateCard: { ...TERMS.rateCard, labour: [] } }), []);
    expect(warnings.map(({ code }) => code)).toEqual(['RateCardWithoutRate', 'WorkUnpriced']);
    expect(warnings[0]?.message).toContain('Rate card card (Card) of version 1');
    expect(warnings[1]?.details).toMatchObject({
      kinds: 1,
      work: [{ work: 'time', days: 'from 2026-01-01 to 2026-06-30', reason: 'no-rate' }],
    });
  });

  it('name work that this contract leaves without a price, and not what one beside it does', () => {
    const only = { id: 'only', name: 'Support', match: { categories: ['support'] }, outcome: 'included' } as const;
    const first = { ...contractWith({ coverage: [only] }), contractId: 'k-a', priority: 1 };
    const second = { ...present, contractId: 'k-b', priority: 20 };
    const named = (of: ContractToAnalyse, beside: ContractToAnalyse) =>
      warningsOfTerms(of, [beside]).map(({ code }) => code);
    expect(named(first, second)).toEqual(['WorkUnpriced']);
    expect(named(second, first)).toEqual([]);
    // What the first one passes on, and the second one's rules don't match, is the second one's.
    const passing = {
      ...first,
      versions: contractWith({ coverage: [{ id: 'x', name: 'All', match: {}, outcome: 'excluded' }] }).versions,
    };
    const narrow = { ...second, versions: contractWith({ coverage: [only] }).versions };
    expect(named(narrow, passing)).toEqual(['WorkUnpriced']);
    expect(named(passing, narrow)).toEqual([]);
  });

  it('do not name work that another contract takes', () => {
    const excluding = contractWith({
      coverage: [{ id: 'away', name: 'Away', match: { kinds: ['expense'] }, outcome: 'excluded' }, ...TERMS.coverage],
    });
    const next = { ...present, contractId: 'k-9', priority: 200 };
    expect(warningsOfTerms(excluding, []).map(({ message }) => message)).toEqual([
      expect.stringContaining('expense from 2026-01-01 to 2026-06-30 (excluded)'),
    ]);
    expect(warningsOfTerms(excluding, [next])).toEqual([]);
  });

  it('name a count that no charge of any version asks for', () => {
    const seats = contractWith({
      recurringCharges: [
        {
          id: 'seats',
          name: 'Seats',
          basis: 'per-user',
          countOf: 'seat',
          price: '20.00',
          billed: 'in-advance',
          taxCategory: 'GST',
        },
      ],
    });
    expect(warningsOfCount(seats, 'seat')).toEqual([]);
    expect(warningsOfCount(seats, 'seats')).toMatchObject([
      {
        code: 'CountWithoutCharge',
        message: 'No charge of contract k-1 uses the count of seats (did you mean seat?); its charges use seat.',
      },
    ]);
    expect(warningsOfCount(present, 'seat')[0]?.message).toContain('its charges use no counts');
  });
});
