import { Decimal, type Partly } from '@billtrail/kernel';
import { type Note, isStated } from '../problems.js';
import type { ContractTerms } from '../terms/contract-terms.js';
import type { BreachStep, CreditByBreaches, ServiceCredit, ServiceLevels } from '../terms/service-levels.js';

/* What the credits of service levels say beside the charges and the policy. */

type Terms = Partly<ContractTerms>;

export function inspectCredits(note: Note, terms: Terms, levels: Partly<ServiceLevels>): void {
  const hasRecurring =
    terms.recurringCharges === undefined ? isStated(terms, 'recurringCharges') : terms.recurringCharges.length > 0;
  const given: (Partly<ServiceCredit> & { readonly path: string })[] = [];
  for (const [index, credit] of (levels.credits ?? []).entries()) {
    if (credit === undefined) continue;
    const path = `terms.serviceLevels.credits[${index}]`;
    const kind = credit.credit?.kind;
    if (kind === 'percent-of-recurring' && !hasRecurring)
      note(`${path}.credit`, 'is a part of recurring charges, and the contract has none');
    if (kind === 'amount' && !hasRecurring && !isStated(levels, 'maximumCreditPerPeriod'))
      note(
        `${path}.credit`,
        'would always be zero: without recurring charges, terms.serviceLevels.maximumCreditPerPeriod must be stated',
      );
    inspectCreditTarget(note, path, credit, levels.policy?.targets);
    const before = given.find((one) => takesAll(one, credit));
    if (before !== undefined) note(path, `is never given: ${before.path} is given first for the same breaches`);
    given.push({ ...credit, path });
  }
  (levels.creditsByBreaches ?? []).forEach((credit, index) => {
    if (credit === undefined) return;
    const path = `terms.serviceLevels.creditsByBreaches[${index}]`;
    const steps = credit.steps ?? [];
    if (!hasRecurring && steps.some((step) => step?.percent !== undefined))
      note(`${path}.steps`, 'are parts of recurring charges, and the contract has none');
    if (
      !hasRecurring &&
      steps.some((step) => step?.amount !== undefined) &&
      !isStated(levels, 'maximumCreditPerPeriod')
    )
      note(
        `${path}.steps`,
        'would always be zero: without recurring charges, terms.serviceLevels.maximumCreditPerPeriod must be stated',
      );
    for (const target of credit.target === undefined ? [] : [credit.target])
      inspectCreditTarget(note, path, { ...credit, target }, levels.policy?.targets);
    inspectSteps(note, path, steps);
  });
}

/**
 * Each number of breaches has one step at most, and more breaches never give less: percentages are held against percentages, and amounts against amounts, also where
 * others stand between them. What a percentage gives beside an amount depends on the charges of the month; rating gives the larger.
 */
function inspectSteps(note: Note, path: string, steps: NonNullable<Partly<CreditByBreaches>['steps']>): void {
  let before: Partly<BreachStep> | null = null;
  const most: { percent?: string; amount?: string } = {};
  steps.forEach((step, index) => {
    if (step === undefined) return;
    const at = `${path}.steps[${index}]`;
    if (!isStated(step, 'percent') && !isStated(step, 'amount')) note(`${at}.percent`, 'is required, or amount');
    if (isStated(step, 'percent') && isStated(step, 'amount'))
      note(`${at}.amount`, 'is left out where percent states what is given');
    if (before?.from !== undefined && step.from !== undefined && step.from <= before.from)
      note(
        `${at}.from`,
        `must be more than the ${before.from} of the step before: a step holds up to the next one, so each number of breaches has one`,
      );
    for (const name of ['percent', 'amount'] as const) {
      const [given, more] = [step[name], most[name]];
      if (given === undefined) continue;
      if (more !== undefined && new Decimal(given).lessThan(more))
        note(`${at}.${name}`, `must be at least the ${more} of a step before: more breaches would give back less`);
      else most[name] = given;
    }
    before = step;
  });
}

function takesAll(one: Partly<ServiceCredit>, other: Partly<ServiceCredit>): boolean {
  if (one.target === undefined || one.target !== other.target) return false;
  if (!isStated(one, 'priorities')) return true;
  const others = other.priorities ?? [];
  return others.length > 0 && others.every((priority) => one.priorities?.includes(priority) ?? false);
}

/** A credit needs a target that can be missed. */
function inspectCreditTarget(
  note: Note,
  path: string,
  credit: Partly<ServiceCredit>,
  targets: NonNullable<Partly<ServiceLevels>['policy']>['targets'],
): void {
  const { target, priorities } = credit;
  if (targets === undefined || target === undefined) return;
  const hasTarget = (priority: string): boolean =>
    Object.hasOwn(targets, priority) && targets[priority]?.[target] !== null;
  if (priorities === undefined) {
    if (!isStated(credit, 'priorities') && !Object.keys(targets).some(hasTarget))
      note(`${path}.target`, `is a ${target} that the policy promises for no priority`);
    return;
  }
  priorities.forEach((priority, index) => {
    if (priority !== undefined && !hasTarget(priority))
      note(`${path}.priorities[${index}]`, `has no ${target} target in the policy, so it is never missed`);
  });
}
