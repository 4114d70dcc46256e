import { describe, expect, it } from '@jest/globals';
import { type Issued, isRefusal } from '@billtrail/kernel';
import { spec } from '@billtrail/kernel/testing';
import type { ActivateContract, PublishContractVersion, TerminateContract } from './commands.js';
import { contract } from './contract.js';
import type { ContractActivated, ContractTerms, ContractVersionPublished } from './events.js';
import { MAX_CONTRACT_VERSIONS } from './limits.js';

const issued: Issued = { at: '2026-03-01T00:00:00Z', by: { id: 'acc-1', role: 'accounts' } };
const terms: ContractTerms = {
  coverage: [{ id: 'all', name: 'All work', match: {}, outcome: 'billable' }],
  rateCard: {
    id: 'card-1',
    name: 'Standard',
    currency: 'AUD',
    labour: [{ workType: 'remote', engineerRole: null, pricePerHour: '150.00' }],
    minimumMinutes: 15,
    incrementMinutes: 15,
    roundingScope: 'entry',
    materials: { pricing: 'cost-plus', markupPercent: '20' },
    expenses: { markupPercent: '0' },
    taxCategories: { time: 'GST', material: 'GST', expense: 'GST' },
  },
};
const activate = (changes: Partial<ActivateContract> = {}): ActivateContract & Issued => ({
  type: 'ActivateContract',
  contractId: 'con-1',
  clientId: 'cli-1',
  name: 'Support',
  priority: 10,
  effectiveFrom: '2026-01-01',
  effectiveTo: null,
  terms,
  ...issued,
  ...changes,
});
const publish = (changes: Partial<PublishContractVersion> = {}): PublishContractVersion & Issued => ({
  type: 'PublishContractVersion',
  contractId: 'con-1',
  effectiveFrom: '2026-02-01',
  effectiveTo: null,
  terms,
  ...issued,
  ...changes,
});
const terminate = (changes: Partial<TerminateContract> = {}): TerminateContract & Issued => ({
  type: 'TerminateContract',
  contractId: 'con-1',
  lastDay: '2026-06-30',
  reason: 'client moved',
  ...issued,
  ...changes,
});
const activated: ContractActivated = {
  type: 'ContractActivated',
  data: { contractId: 'con-1', clientId: 'cli-1', name: 'Support', priority: 10 },
  occurredAt: issued.at,
};
const published = (versionNumber: number, effectiveFrom: string): ContractVersionPublished => ({
  type: 'ContractVersionPublished',
  data: { contractId: 'con-1', versionNumber, effectiveFrom, effectiveTo: null, terms },
  occurredAt: issued.at,
});
const terminated = {
  type: 'ContractTerminated',
  data: { contractId: 'con-1', lastDay: '2026-06-30', reason: 'client moved' },
  occurredAt: issued.at,
} as const;

describe('ActivateContract', () => {
  it('starts with version 1', () =>
    spec(contract).given().when(activate()).then(activated, published(1, '2026-01-01')));
  it('is quiet on repeat, also after further versions, whatever the order of properties', () => {
    const reordered = { rateCard: terms.rateCard, coverage: terms.coverage };
    spec(contract)
      .given(activated, published(1, '2026-01-01'), published(2, '2026-02-01'))
      .when(activate({ terms: reordered }))
      .thenNothing();
  });
  it('refuses an id in use', () =>
    spec(contract)
      .given(activated, published(1, '2026-01-01'))
      .when(activate({ priority: 11 }))
      .thenRefused('ContractAlreadyActive'));
  it('refuses whole what can not be meant', () => {
    const decision = contract.decide(
      activate({
        effectiveTo: '2025-12-31',
        clientCurrency: 'NZD',
        terms: { ...terms, coverage: [...terms.coverage, ...terms.coverage] },
      }),
      contract.initialState,
    );
    if (!isRefusal(decision)) throw new Error('expected a refusal');
    expect(decision.code).toBe('ContractMalformed');
    expect(decision.details['problems']).toMatchObject(
      ['effectiveTo', 'terms.coverage[1].id', 'terms.rateCard.currency'].map((path) => ({ path })),
    );
  });
});

describe('PublishContractVersion', () => {
  const given = () => spec(contract).given(activated, published(1, '2026-01-01'));
  it('adds a version, also a back-dated one', () => {
    given().when(publish()).then(published(2, '2026-02-01'));
    given()
      .when(publish({ effectiveFrom: '2025-06-01' }))
      .then(published(2, '2025-06-01'));
  });
  it('is quiet where the last version says the same', () =>
    given()
      .when(publish({ effectiveFrom: '2026-01-01' }))
      .thenNothing());
  it('says again what an earlier version said', () =>
    spec(contract)
      .given(activated, published(1, '2026-01-01'), published(2, '2026-02-01'))
      .when(publish({ effectiveFrom: '2026-01-01' }))
      .then(published(3, '2026-01-01')));
  it('refuses an unknown contract', () => spec(contract).given().when(publish()).thenRefused('ContractUnknown'));
  it('refuses an end before the start', () =>
    given()
      .when(publish({ effectiveTo: '2026-01-31' }))
      .thenRefused('ContractMalformed'));
  it("refuses another currency than the client's", () =>
    given()
      .when(publish({ clientCurrency: 'NZD' }))
      .thenRefused('ContractMalformed'));
  it('refuses a version after the end of the contract, and takes one on its last day', () => {
    const ended = spec(contract).given(activated, published(1, '2026-01-01'), terminated);
    ended.when(publish({ effectiveFrom: '2026-07-01' })).thenRefused('ContractEnded');
    ended.when(publish({ effectiveFrom: '2026-06-30' })).then(published(2, '2026-06-30'));
  });
  it('refuses a version too many', () => {
    const versions = Array.from({ length: MAX_CONTRACT_VERSIONS }, (_, index) => published(index + 1, '2026-01-01'));
    spec(contract)
      .given(activated, ...versions.slice(1))
      .when(publish())
      .thenLike({ type: 'ContractVersionPublished' });
    spec(contract)
      .given(activated, ...versions)
      .when(publish())
      .thenRefused('TooManyVersions');
  });
});

describe('TerminateContract', () => {
  const given = () => spec(contract).given(activated, published(1, '2026-02-01'), published(2, '2026-01-01'));
  it('ends it', () => given().when(terminate()).then(terminated));
  it('takes another last day later', () =>
    spec(contract)
      .given(activated, published(1, '2026-01-01'), terminated)
      .when(terminate({ lastDay: '2026-07-31' }))
      .thenLike({ type: 'ContractTerminated', data: { lastDay: '2026-07-31' } }));
  it('is quiet on repeat', () =>
    spec(contract).given(activated, published(1, '2026-01-01'), terminated).when(terminate()).thenNothing());
  it('refuses an unknown contract', () => spec(contract).given().when(terminate()).thenRefused('ContractUnknown'));
  it('refuses an end before the earliest start, and takes that day', () => {
    given()
      .when(terminate({ lastDay: '2025-12-31' }))
      .thenRefused('TerminationBeforeStart');
    given()
      .when(terminate({ lastDay: '2026-01-01' }))
      .thenLike({ type: 'ContractTerminated' });
  });
});
