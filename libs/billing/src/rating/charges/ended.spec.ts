import { describe, expect, it } from '@jest/globals';
import type { ContractTerms } from '@billtrail/contracts';
import { contractWith, fee, monthOf, spent, versionsFrom } from '../../testing/charges.js';
import { charged } from '../../testing/steps.js';
import type { ContractFacts } from '../facts.js';

type RenewalTerms = NonNullable<ContractTerms['renewal']>;

const YEARLY: RenewalTerms = { automatic: true, months: 12, noticeDays: 60 };

/** What the gaps of November say of a fee of a contract whose term ran to the end of October, where the client has work in November. */
function saidOf(changes: Partial<ContractFacts>, renewal?: RenewalTerms): readonly string[] {
  const terms = { recurringCharges: [fee()], ...(renewal === undefined ? {} : { renewal }) };
  const versions = versionsFrom(['2026-01-01', terms]).versions.map((one) => ({ ...one, effectiveTo: '2026-10-31' }));
  const contract = contractWith({}, { versions, ...changes });
  return charged(monthOf('2026-11', [contract], { work: [spent(60, '2026-11-05')] }), [])
    .gaps.filter(({ charge }) => charge !== undefined)
    .map(({ cause }) => cause.replace(/^.*; /, ''));
}

describe('the gap of a contract that ended while the client goes on says what can be done (K21)', () => {
  it('where nobody decided so, to renew it or to decide', () => expect(saidOf({})).toEqual(['renew or terminate it']));
  it('where it was terminated, neither', () =>
    expect(saidOf({ lastDay: '2026-10-31' })).toEqual([
      'terminate it on a later day, or activate a contract that covers the work',
    ]));
  it('where its term ran out before the end of its termination, to renew it until that', () =>
    expect(saidOf({ lastDay: '2026-11-15' })).toEqual([
      'renew it until 2026-11-15, the last day of its termination, terminate it on a later day and renew it until then, or activate a contract that covers the work',
    ]));
  it('where notice was given, not to terminate it', () =>
    expect(saidOf({ notice: { givenOn: '2026-08-01', reason: 'moves', isWithdrawn: false } }, YEARLY)).toEqual([
      'renew it, or activate a contract that covers the work',
    ]));
});

describe('what follows a contract that ran out', () => {
  const ranOut = (terms: object = {}) =>
    contractWith(
      {},
      {
        versions: versionsFrom(['2026-01-01', { recurringCharges: [fee()], ...terms }]).versions.map((one) => ({
          ...one,
          effectiveTo: '2026-10-31',
        })),
      },
    );
  /** A project without a fee, from one day to another. */
  const project = (from: string, to: string): ContractFacts => ({
    ...contractWith(
      {},
      { versions: versionsFrom([from, { recurringCharges: [] }]).versions.map((one) => ({ ...one, effectiveTo: to })) },
    ),
    contractId: 'project',
  });
  const valuesIn = (month: string, contracts: readonly ContractFacts[], on: string) =>
    charged(monthOf(month, contracts, { work: [spent(60, on)] }), [])
      .gaps.filter(({ cause }) => cause.includes('nothing follows it'))
      .map(({ valueAtRisk }) => valueAtRisk.money?.amount);

  // 1,000.00 a month; the project covers 10 to 28 November: 9 + 2 of 30 days are without either.
  it('takes its place on its own days only', () => {
    const contracts = [ranOut(), project('2026-11-10', '2026-11-28')];
    expect(valuesIn('2026-11', contracts, '2026-11-20')).toEqual(['300.00', '66.67']);
    expect(valuesIn('2026-12', contracts, '2026-12-02')).toEqual(['1000.00']);
  });
  it('stops it from renewing by itself, and does not hide that', () => {
    const contracts = [ranOut({ renewal: YEARLY }), project('2026-11-10', '2026-11-28')];
    expect(valuesIn('2026-12', contracts, '2026-12-02')).toEqual(['1000.00']);
  });
  it('takes its place for good where it was terminated: then somebody decided how the client goes on', () => {
    const follower = { ...project('2026-11-01', '2027-10-31'), lastDay: '2026-11-30' };
    expect(valuesIn('2026-12', [ranOut(), follower], '2026-12-02')).toEqual([]);
  });
  it('after a decided end covers work on its own days, whenever it begins', () => {
    const terminated = {
      ...ranOut(),
      lastDay: '2026-11-10',
      versions: ranOut().versions.map((one) => ({ ...one, effectiveTo: null })),
    };
    const later = project('2026-11-13', '2026-12-31');
    expect(valuesIn('2026-11', [terminated, later], '2026-11-20')).toEqual([]);
    expect(valuesIn('2026-11', [terminated, later], '2026-11-12')).toEqual(['666.67']);
  });
});
