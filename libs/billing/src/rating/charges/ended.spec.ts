import { describe, expect, it } from '@jest/globals';
import type { RenewalTerms } from '@billtrail/contracts';
import { contractWith, fee, monthOf, spent, versionsFrom } from '../../testing/charges.js';
import { charged } from '../../testing/steps.js';
import type { ContractFacts } from '../facts.js';

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
  it('where notice was given, not to terminate it', () =>
    expect(saidOf({ notice: { givenOn: '2026-08-01', reason: 'moves', isWithdrawn: false } }, YEARLY)).toEqual([
      'renew it, or activate a contract that covers the work',
    ]));
});
