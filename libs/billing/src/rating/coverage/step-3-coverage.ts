import { type Coverage, type WorkToCover, coverageOf } from '@billtrail/contracts';
import { type InForce, type Placement, unpricedStep } from './placement.js';
import type { ChainLink } from './step-1-contract.js';
import type { TraceStep } from '../../item/trace.js';

/**
 * Step 3 of rating.md: asks the coverage rules of one contract after the other along the chain. The first rule that matches decides;
 * `excluded` goes on to the next contract; no match is without a price and never "free". The rate class of the work is that of the calendar of
 * the version that is asked.
 */
export function cover(chain: readonly ChainLink[], workUnder: (inForce: InForce) => WorkToCover): Placement {
  const steps: TraceStep[] = [];
  let last: InForce | null = null;
  for (const link of chain) {
    steps.push(link.step);
    if (link.inForce === null) return { as: 'unpriced', inForce: last, steps };
    last = link.inForce;
    const coverage = coverageOf(link.inForce.version.terms, workUnder(link.inForce));
    if (coverage.rule === null) {
      steps.push(noRule(link.inForce, coverage));
      return { as: 'unpriced', inForce: link.inForce, steps };
    }
    steps.push(ruleTaken(link.inForce, coverage, coverage.rule));
    if (coverage.rule.outcome !== 'excluded') {
      return { as: coverage.rule.outcome, inForce: link.inForce, rule: coverage.rule, steps };
    }
  }
  steps.push(unpricedStep('contract', 'excluded', 'every contract that may cover the work excludes it'));
  return { as: 'unpriced', inForce: last, steps };
}

function triedOf(coverage: Coverage): readonly string[] {
  return coverage.tried.map(
    ({ ruleId, failedOn }) => `${ruleId}: ${failedOn === null ? 'taken' : `not its ${failedOn}`}`,
  );
}

function ruleTaken(inForce: InForce, coverage: Coverage, rule: NonNullable<Coverage['rule']>): TraceStep {
  const { contractId } = inForce.contract;
  const contractVersion = inForce.version.versionNumber;
  return {
    step: 'coverage',
    text: `rule ${rule.name} (${rule.id}), number ${coverage.tried.length} of contract ${contractId} version ${contractVersion}: ${rule.outcome}`,
    facts: { ruleId: rule.id, outcome: rule.outcome, contractId, contractVersion, tried: triedOf(coverage) },
  };
}

function noRule(inForce: InForce, coverage: Coverage): TraceStep {
  const { contractId } = inForce.contract;
  const contractVersion = inForce.version.versionNumber;
  return unpricedStep(
    'coverage',
    'no-coverage',
    `none of the ${coverage.tried.length} coverage rules of contract ${contractId} version ${contractVersion} matches`,
    { contractId, contractVersion, tried: triedOf(coverage) },
  );
}
