import { describe, expect, it } from '@jest/globals';
import type { CoverageRule } from '@billtrail/contracts';
import { contractFacts, facts, only, terms, time } from '../../testing/facts.js';
import { rateExplained as rate } from '../../rate.js';

const rule = (id: string, outcome: CoverageRule['outcome'], workType: string): CoverageRule => ({
  id,
  name: id,
  match: { workTypes: [workType] },
  outcome,
});
const lastStepUnder = (...coverage: readonly CoverageRule[]) =>
  only(rate(facts([time()], { contracts: [contractFacts({ terms: terms({}, coverage) })] })).items).trace.at(-1);

describe('work that no rule gives a price', () => {
  it('names the rules that were tried, and on what each failed', () => {
    expect(lastStepUnder(rule('onsite', 'billable', 'onsite'), rule('project', 'included', 'project'))).toEqual({
      step: 'coverage',
      text: 'none of the 2 coverage rules of contract con-1 version 1 matches',
      facts: {
        contractId: 'con-1',
        contractVersion: 1,
        tried: ['onsite: not its workTypes', 'project: not its workTypes'],
        passedOver: ['onsite', 'project'],
        failedOn: ['workTypes', 'workTypes'],
        unpriced: 'no-coverage',
      },
    });
  });

  it('says that every contract of the chain excludes it', () => {
    expect(lastStepUnder(rule('remote', 'excluded', 'remote'))).toEqual({
      step: 'contract',
      text: 'every contract that may cover the work excludes it',
      facts: { unpriced: 'excluded' },
    });
  });
});
