import { describe, expect, it } from '@jest/globals';
import { type Issued, isRefusal } from '@billtrail/kernel';
import type { StateContract } from './commands.js';
import { contract } from './contract.js';
import type { ContractState } from './contract-state.js';
import { differencesOfTerms } from './differences.js';
import type { ContractEvent, ContractTerms } from './events.js';

const ISSUED: Issued = { at: '2026-03-01T09:00:00Z', by: { id: 'acc-1', role: 'accounts' } };

function terms(pricePerHour: string): ContractTerms {
  return {
    coverage: [{ id: 'all', name: 'All work', match: {}, outcome: 'billable' }],
    rateCard: {
      id: 'card',
      name: 'Standard',
      currency: 'AUD',
      labour: [{ workType: null, engineerRole: null, pricePerHour }],
      minimumMinutes: 0,
      incrementMinutes: 1,
      roundingScope: 'entry',
      materials: { pricing: 'list' },
      expenses: { markupPercent: '0' },
      taxCategories: { time: 'GST', material: 'GST', expense: 'GST' },
    },
  };
}

type Parts = StateContract['parts'];
const contractId = 'k-1';
const activation = (pricePerHour: string, effectiveTo: string | null = null): Parts[number] => ({
  type: 'ActivateContract',
  contractId,
  clientId: 'acme',
  name: 'Support',
  priority: 10,
  effectiveFrom: '2026-01-01',
  effectiveTo,
  terms: terms(pricePerHour),
});
const LIFE: Parts = [
  { type: 'TerminateContract', contractId, lastDay: '2026-12-31', reason: 'moves away' },
  {
    type: 'PurchasePrepaidBlock',
    contractId,
    blockId: 'b-1',
    amount: { unit: 'minutes', minutes: 600 },
    purchasedOn: '2026-02-01',
    expiresOn: null,
    price: null,
  },
  { type: 'RecordCount', contractId, countOf: 'server', count: 3, from: '2026-01-01' },
  { type: 'SuspendContract', contractId, from: '2026-06-01', reason: 'rests' },
  { type: 'ResumeContract', contractId, resumedOn: '2026-06-10' },
  { type: 'SuspendContract', contractId, from: '2026-08-01', reason: 'rests' },
];

const stated = (parts: Parts): StateContract => ({ type: 'StateContract', contractId, parts, clientCurrency: 'AUD' });
const decide = (parts: Parts, state: ContractState = contract.initialState) =>
  contract.decide({ ...stated(parts), ...ISSUED }, state);

function decided(parts: Parts, state: ContractState = contract.initialState): readonly ContractEvent[] {
  const decision = decide(parts, state);
  if (isRefusal(decision)) throw new Error(decision.message);
  return decision;
}
const after = (events: readonly ContractEvent[], state: ContractState = contract.initialState): ContractState =>
  events.reduce(contract.evolve, state);
const types = (events: readonly ContractEvent[]): readonly string[] => events.map(({ type }) => type);

describe('a contract stated whole', () => {
  const first = decided([activation('150.00'), ...LIFE]);

  it('is what its parts would be, one by one', () => {
    let state = contract.initialState;
    const oneByOne: ContractEvent[] = [];
    for (const part of [activation('150.00'), ...LIFE]) {
      const decision = contract.decide({ ...part, ...ISSUED }, state);
      if (isRefusal(decision)) throw new Error(decision.message);
      state = decision.reduce(contract.evolve, state);
      oneByOne.push(...decision);
    }
    expect(first).toEqual(oneByOne);
    expect(first).toHaveLength(8);
  });

  it('is quiet on repeat, whatever of it was recorded before', () => {
    for (let recorded = 0; recorded <= first.length; recorded += 1) {
      // The activation is two events of one append: there is no contract without a version.
      if (recorded === 1) continue;
      const before = first.slice(0, recorded);
      expect([...before, ...decided([activation('150.00'), ...LIFE], after(before))]).toEqual(first);
    }
  });

  it('publishes other terms as a new version, and the old ones after them as a third', () => {
    const state = after(first);
    const dearer = decided([activation('160.00'), ...LIFE], state);
    expect(types(dearer)).toEqual(['ContractVersionPublished']);
    const back = decided([activation('150.00'), ...LIFE], after(dearer, state));
    expect(back).toMatchObject([{ data: { versionNumber: 3, terms: terms('150.00') } }]);
  });

  it('leaves a renewal as it is, and a block that was withdrawn', () => {
    const block = LIFE.filter((part) => part.type === 'PurchasePrepaidBlock');
    const parts = [activation('150.00', '2026-12-31'), ...block];
    let state = after(decided(parts));
    for (const command of [
      { type: 'RenewContract', contractId, versionNumber: 1, effectiveTo: '2027-12-31' },
      { type: 'WithdrawPrepaidBlock', contractId, blockId: 'b-1', reason: 'in error' },
    ] as const) {
      const decision = contract.decide({ ...command, ...ISSUED }, state);
      if (isRefusal(decision)) throw new Error(decision.message);
      state = decision.reduce(contract.evolve, state);
    }
    expect(decided(parts, state)).toEqual([]);
  });

  it('refuses whole where a part is refused, and where the id is of another contract', () => {
    const other = { ...activation('150.00'), clientId: 'other' } as Parts[number];
    expect(decide([other], after(first))).toMatchObject({ code: 'ContractAlreadyActive' });
    expect(
      decide([activation('150.00'), { type: 'RenewContract', contractId, versionNumber: 9, effectiveTo: null }]),
    ).toMatchObject({
      code: 'VersionUnknown',
    });
    expect(decide([{ ...activation('150.00'), contractId: 'k-2' }])).toMatchObject({
      code: 'ContractMalformed',
      details: { problems: [{ path: 'parts[0].contractId' }] },
    });
    const dollars = contract.decide(
      { ...stated([activation('150.00')]), clientCurrency: 'USD', ...ISSUED },
      contract.initialState,
    );
    expect(dollars).toMatchObject({ code: 'ContractMalformed' });
  });
});

describe('differences of terms', () => {
  it('name each place with what it said and says', () => {
    const before = terms('150.00');
    const now: ContractTerms = {
      ...terms('160.00'),
      coverage: [
        { id: 'vip', name: 'VIP', match: { priorities: ['critical'] }, outcome: 'included' },
        { id: 'all', name: 'All work', match: {}, outcome: 'prepaid' },
      ],
      prepaid: { overage: { pricePerHour: null, multiplied: true } },
    };
    expect(differencesOfTerms(before, now)).toEqual([
      { path: 'coverage[vip]', before: undefined, after: now.coverage[0] },
      { path: 'coverage[all].outcome', before: 'billable', after: 'prepaid' },
      { path: 'rateCard.labour[0].pricePerHour', before: '150.00', after: '160.00' },
      { path: 'prepaid', before: undefined, after: now.prepaid },
    ]);
    expect(differencesOfTerms(now, before).map(({ path, after: value }) => [path, value])).toContainEqual([
      'prepaid',
      undefined,
    ]);
    expect(differencesOfTerms(before, terms('150.00'))).toEqual([]);
  });
});
