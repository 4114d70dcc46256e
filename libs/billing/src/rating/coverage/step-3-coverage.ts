import { type Coverage, type WorkToCover, coverageOf } from '@billtrail/contracts';
import { type ChainLink, type InForce, type Placement, unpricedStep } from './placement.js';
import type { Step } from '../../item/trace.js';
import type { ScopeStatement } from '../facts.js';
import { OUT_OF_SCOPE, byItsCard, passedOn } from './scope.js';

/**
 * Step 3 of rating.md: asks the coverage rules of one contract after the other along the chain. The first rule that matches decides;
 * `excluded` goes on to the next contract; no match is without a price and never "free". The rate class of the work is that of the calendar of
 * the version that is asked.
 *
 * Work that was rated as out of scope (`outOfScope`) goes on from the contract that would include it or draw it from what is prepaid, as if that
 * excluded it. A further contract may price it or draw it, and none includes it; where none takes it, the card of the first prices it.
 */
export function cover(
  chain: readonly ChainLink[],
  workUnder: (inForce: InForce) => WorkToCover,
  outOfScope: ScopeStatement | null = null,
): Exclude<Placement, { as: 'no-charge' }> {
  const steps: Step[] = [];
  let last: InForce | null = null;
  let outOf: InForce | null = null;
  for (const link of chain) {
    steps.push(link.step);
    if (link.inForce === null) return { as: 'unpriced', reason: link.reason, inForce: last, steps };
    const { inForce } = link;
    last = inForce;
    const coverage = coverageOf(inForce.version.terms, workUnder(inForce));
    const { rule } = coverage;
    if (rule === null) {
      if (outOf !== null) break;
      steps.push(() => noRule(inForce, coverage));
      return { as: 'unpriced', reason: 'no-coverage', inForce, steps };
    }
    steps.push(() => ruleTaken(inForce, coverage, rule));
    if (outOfScope !== null && (rule.outcome === 'included' || (rule.outcome === 'prepaid' && outOf === null))) {
      steps.push(passedOn(inForce, rule, outOfScope));
      outOf ??= inForce;
    } else if (rule.outcome !== 'excluded') return { as: rule.outcome, inForce, rule, steps };
  }
  if (outOf !== null) {
    steps.push(byItsCard(outOf));
    return { as: 'billable', inForce: outOf, rule: OUT_OF_SCOPE, steps };
  }
  steps.push(() => unpricedStep('contract', 'excluded', 'every contract that may cover the work excludes it'));
  return { as: 'unpriced', reason: 'excluded', inForce: last, steps };
}

/** The rules that were asked, and of each that did not match the criterion that failed, in one order. */
function triedOf({ tried }: Coverage): {
  readonly tried: string[];
  readonly passedOver: string[];
  readonly failedOn: string[];
} {
  const passed = tried.flatMap(({ ruleId, failedOn }) => (failedOn === null ? [] : [{ ruleId, failedOn }]));
  return {
    tried: tried.map(({ ruleId, failedOn }) => `${ruleId}: ${failedOn === null ? 'taken' : `not its ${failedOn}`}`),
    passedOver: passed.map(({ ruleId }) => ruleId),
    failedOn: passed.map(({ failedOn }) => failedOn),
  };
}

function ruleTaken(inForce: InForce, coverage: Coverage, rule: NonNullable<Coverage['rule']>): ReturnType<Step> {
  const { contractId } = inForce.contract;
  const contractVersion = inForce.version.versionNumber;
  return {
    step: 'coverage',
    text: `rule ${rule.name} (${rule.id}), number ${coverage.tried.length} of contract ${contractId} version ${contractVersion}: ${rule.outcome}${incidentText(inForce, rule)}`,
    facts: {
      ruleId: rule.id,
      ruleName: rule.name,
      outcome: rule.outcome,
      contractId,
      contractVersion,
      ...triedOf(coverage),
    },
  };
}

/** Of work that a fixed price of its ticket covers. */
function incidentText({ version }: InForce, { incident }: NonNullable<Coverage['rule']>): string {
  if (incident === undefined) return '';
  const { price, includedPerPeriod: includedTickets } = incident;
  const besides = includedTickets === undefined ? '' : `; ${freeText(includedTickets)}`;
  return ` in ${price} ${version.terms.rateCard.currency} for the ticket, once, whatever time goes into it${besides}`;
}

function freeText(tickets: number): string {
  return tickets === 1 ? 'the first ticket of a month is free' : `the first ${tickets} tickets of a month are free`;
}

function noRule(inForce: InForce, coverage: Coverage): ReturnType<Step> {
  const { contractId } = inForce.contract;
  const contractVersion = inForce.version.versionNumber;
  return unpricedStep(
    'coverage',
    'no-coverage',
    `none of the ${coverage.tried.length} coverage rules of contract ${contractId} version ${contractVersion} matches`,
    { contractId, contractVersion, ...triedOf(coverage) },
  );
}
