import { describe, expect, it } from '@jest/globals';
import { type Issued, fold } from '@billtrail/kernel';
import { contract } from './contract.js';
import type { ContractEvent } from './events.js';
import { renewalsDue } from './renewals-due.js';
import { all, contractOf, version } from './testing/contracts-to-analyse.js';

const by: Issued['by'] = { id: 'renew-contracts', role: 'system' };
const occurredAt = '2026-01-01T00:00:00Z';
const renewal = { automatic: true, months: 12, noticeDays: 30 };
const activated: ContractEvent = {
  type: 'ContractActivated',
  data: { contractId: 'c-1', clientId: 'cli-1', name: 'Support', priority: 10 },
  occurredAt,
};
const published = (terms: object): ContractEvent => ({
  type: 'ContractVersionPublished',
  data: {
    contractId: 'c-1',
    versionNumber: 1,
    effectiveFrom: '2025-01-01',
    effectiveTo: '2025-12-31',
    terms: { ...all, renewal, ...terms },
  },
  occurredAt,
});
const terminated = (lastDay: string): ContractEvent => ({
  type: 'ContractTerminated',
  data: { contractId: 'c-1', lastDay, reason: 'left' },
  occurredAt,
});
/** Until when the contract is renewed, term by term, at an instant. */
const due = (
  at: string,
  changes: readonly ContractEvent[] = [],
  terms: object = {},
  beside = [] as const,
  zone = 'UTC',
) =>
  renewalsDue(
    fold(contract, [activated, published(terms), ...changes]),
    { at, by },
    { clientTimeZone: zone, beside },
  ).map((event) => (event.type === 'ContractRenewed' ? event.data.effectiveTo : event.type));

describe('the renewals that are due', () => {
  it('are one for each term of which the last day has come', () => {
    expect(due('2025-12-30T23:59:59Z')).toEqual([]);
    expect(due('2025-12-31T00:00:00Z')).toEqual(['2026-12-31']);
    expect(due('2026-12-30T23:59:59Z')).toEqual(['2026-12-31']);
    expect(due('2027-12-31T00:00:00Z')).toEqual(['2026-12-31', '2027-12-31', '2028-12-31']);
  });

  it('come with the day of the contract, else of its client', () => {
    // Midnight of the 31st in Auckland is eleven o'clock of the 30th in Greenwich.
    const at = '2025-12-30T11:00:00Z';
    expect(due(at, [], {}, [], 'Pacific/Auckland')).toEqual(['2026-12-31']);
    expect(due(at, [], { timeZone: 'Pacific/Auckland' })).toEqual(['2026-12-31']);
    expect(due(at, [], { timeZone: 'UTC' }, [], 'Pacific/Auckland')).toEqual([]);
  });

  it('are none of what is not renewed, or not there', () => {
    const at = '2026-06-01T00:00:00Z';
    expect(due(at, [], { renewal: { ...renewal, automatic: false } })).toEqual([]);
    expect(due(at, [terminated('2025-12-31')])).toEqual([]);
    expect(renewalsDue(contract.initialState, { at, by }, { clientTimeZone: 'UTC', beside: [] })).toEqual([]);
  });

  it('go to the day on which the contract was terminated', () => {
    expect(due('2027-06-01T00:00:00Z', [terminated('2026-03-15')])).toEqual(['2026-03-15']);
  });

  it('stop where another contract of the client has the priority by then', () => {
    const beside = [contractOf('c-2', 10, version(1, '2027-01-01', null, all))];
    const state = fold(contract, [activated, published({})]);
    const at = '2029-01-01T00:00:00Z';
    expect(renewalsDue(state, { at, by }, { clientTimeZone: 'UTC', beside })).toMatchObject([
      { type: 'ContractRenewed', data: { contractId: 'c-1', versionNumber: 1, effectiveTo: '2026-12-31' } },
    ]);
  });
});
