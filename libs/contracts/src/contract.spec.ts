import { describe, expect, it } from '@jest/globals';
import { type Issued, isRefusal } from '@billtrail/kernel';
import { spec } from '@billtrail/kernel/testing';
import type { ActivateContract, PublishContractVersion, TerminateContract } from './commands.js';
import { contract } from './contract.js';
import type { ContractActivated, ContractTerms, ContractVersionPublished } from './events.js';
import { MAX_CONTRACT_VERSIONS, MAX_COVERAGE_RULES } from './limits.js';
import { problemsOfTerms } from './terms.js';

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
  it('refuses a malformed contract whole', () => {
    const decision = contract.decide(
      activate({
        contractId: '',
        clientId: '',
        name: '',
        priority: -1,
        effectiveFrom: '2026-02-30',
        effectiveTo: 'soon',
        terms: { ...terms, coverage: [] },
      }),
      contract.initialState,
    );
    if (!isRefusal(decision)) throw new Error('expected a refusal');
    expect(decision.code).toBe('ContractMalformed');
    expect(decision.details['problems']).toMatchObject(
      ['clientId', 'name', 'priority', 'contractId', 'effectiveFrom', 'effectiveTo', 'terms.coverage'].map((path) => ({
        path,
      })),
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
  it('refuses a day that does not exist or no reason', () => {
    given()
      .when(terminate({ lastDay: '2026-06-31' }))
      .thenRefused('TerminationMalformed');
    given()
      .when(terminate({ reason: ' ' }))
      .thenRefused('TerminationMalformed');
  });
  it('refuses an end before the earliest start, and takes that day', () => {
    given()
      .when(terminate({ lastDay: '2025-12-31' }))
      .thenRefused('TerminationBeforeStart');
    given()
      .when(terminate({ lastDay: '2026-01-01' }))
      .thenLike({ type: 'ContractTerminated' });
  });
});

describe('terms', () => {
  const paths = (broken: unknown, currency: string | null = null): string[] =>
    problemsOfTerms(broken, currency).map(({ path }) => path);
  const withCard = (changes: object): unknown => ({ ...terms, rateCard: { ...terms.rateCard, ...changes } });
  const withRule = (changes: object): unknown => ({ ...terms, coverage: [{ ...terms.coverage[0], ...changes }] });

  it('are sound', () => expect(problemsOfTerms(terms, 'AUD')).toEqual([]));
  it.each<[string, unknown, string[]]>([
    ['no object', null, ['terms']],
    ['nothing in them', {}, ['terms.coverage', 'terms.rateCard']],
    ['an unknown property', { ...terms, discount: '5' }, ['terms.discount']],
    ['an unknown currency', withCard({ currency: 'AUS' }), ['terms.rateCard.currency']],
    [
      'a negative price',
      withCard({ labour: [{ workType: 'a', engineerRole: null, pricePerHour: '-0.01' }] }),
      ['terms.rateCard.labour[0].pricePerHour'],
    ],
    [
      'a price that is a number',
      withCard({ labour: [{ workType: 'a', engineerRole: null, pricePerHour: 150 }] }),
      ['terms.rateCard.labour[0].pricePerHour'],
    ],
    [
      'a rate twice',
      withCard({ labour: [...terms.rateCard.labour, ...terms.rateCard.labour] }),
      ['terms.rateCard.labour[1]'],
    ],
    ['an increment of 0', withCard({ incrementMinutes: 0 }), ['terms.rateCard.incrementMinutes']],
    ['a minimum of half a minute', withCard({ minimumMinutes: 0.5 }), ['terms.rateCard.minimumMinutes']],
    ['an unknown scope', withCard({ roundingScope: 'week' }), ['terms.rateCard.roundingScope']],
    ['a visit by nobody', withCard({ visitBy: 'ticket' }), ['terms.rateCard.visitBy']],
    [
      'a rule with an unknown scope',
      withCard({ roundingRules: [{ workTypes: ['onsite'], roundingScope: 'day' }] }),
      ['terms.rateCard.roundingRules[0].roundingScope'],
    ],
    [
      'a markup that is no number',
      withCard({ expenses: { markupPercent: 'ten' } }),
      ['terms.rateCard.expenses.markupPercent'],
    ],
    [
      'cost-plus without a markup',
      withCard({ materials: { pricing: 'cost-plus' } }),
      ['terms.rateCard.materials.markupPercent'],
    ],
    [
      'list price with a markup',
      withCard({ materials: { pricing: 'list', markupPercent: '5' } }),
      ['terms.rateCard.materials.markupPercent'],
    ],
    [
      'a missing tax category',
      withCard({ taxCategories: { time: 'GST', material: 'GST' } }),
      ['terms.rateCard.taxCategories.expense'],
    ],
    ['a rule id twice', { ...terms, coverage: [...terms.coverage, ...terms.coverage] }, ['terms.coverage[1].id']],
    ['an unknown outcome', withRule({ outcome: 'free' }), ['terms.coverage[0].outcome']],
    ['a misspelt criterion', withRule({ match: { workType: ['a'] } }), ['terms.coverage[0].match.workType']],
    ['an empty criterion', withRule({ match: { workTypes: [] } }), ['terms.coverage[0].match.workTypes']],
    ['an unknown kind', withRule({ match: { kinds: ['travel'] } }), ['terms.coverage[0].match.kinds[0]']],
    [
      'a limit on billable work',
      withRule({ includedMinutesPerTicket: 60 }),
      ['terms.coverage[0].includedMinutesPerTicket'],
    ],
    [
      'a limit of 0',
      withRule({ outcome: 'included', includedMinutesPerTicket: 0 }),
      ['terms.coverage[0].includedMinutesPerTicket'],
    ],
  ])('refuse %s', (_case, broken, expected) => expect(paths(broken)).toEqual(expected));

  it("refuse another currency than the client's", () =>
    expect(paths(terms, 'NZD')).toEqual(['terms.rateCard.currency']));
  it('take a hundred rules twice over and no more', () => {
    const rules = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ ...terms.coverage[0], id: `r-${index}` }));
    expect(paths({ ...terms, coverage: rules(MAX_COVERAGE_RULES) })).toEqual([]);
    expect(paths({ ...terms, coverage: rules(MAX_COVERAGE_RULES + 1) })).toEqual(['terms.coverage']);
  });
});
