import { PRIORITIES, WEEKDAYS } from '@billtrail/kernel';
import { RATE_CLASSES, SLA_TARGETS } from '../events.js';
import type { Fields, Inspection } from '../problems.js';

/*
 * What one part of the terms says about another. Each part has been looked at by itself, and may have problems: these checks take what
 * they can read and pass over the rest, so that one misspelt price does not hide a contradiction.
 */

export function inspectConsistency(
  inspection: Inspection,
  terms: Fields,
  clientClasses: readonly string[] | null,
): void {
  inspectIds(inspection, terms);
  if (clientClasses !== null) inspectRateClasses(inspection, terms, clientClasses);
  inspectPrepaidUse(inspection, terms);
  inspectCredits(inspection, terms);
}

function objectOf(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

interface Member {
  readonly path: string;
  readonly fields: Fields;
}

function membersOf(path: string, list: unknown): readonly Member[] {
  return listOf(list).flatMap((member, index) => {
    const fields = objectOf(member);
    return fields === null ? [] : [{ path: `${path}[${index}]`, fields }];
  });
}

/** Charges, caps, discounts, credits and the allotment are named by their ids on items and statements: one id, one term. */
function inspectIds(inspection: Inspection, terms: Fields): void {
  const single = (path: string, value: unknown): readonly Member[] => {
    const fields = objectOf(value);
    return fields === null ? [] : [{ path, fields }];
  };
  const first = new Map<string, string>();
  for (const { path, fields } of [
    ...single('terms.prepaid.allotment', objectOf(terms['prepaid'])?.['allotment']),
    ...membersOf('terms.recurringCharges', terms['recurringCharges']),
    ...single('terms.minimumCommitment', terms['minimumCommitment']),
    ...membersOf('terms.caps', terms['caps']),
    ...membersOf('terms.discounts', terms['discounts']),
    ...membersOf('terms.travel', terms['travel']),
    ...membersOf('terms.serviceLevels.credits', objectOf(terms['serviceLevels'])?.['credits']),
  ]) {
    const id = fields['id'];
    if (typeof id !== 'string') continue;
    const before = first.get(id);
    if (before === undefined) first.set(id, path);
    else inspection.note(`${path}.id`, `${id} is already the id of ${before}`);
  }
}

/** Classes that work can have: those of rating, and those that the calendars name. A misspelt one would never match. */
function knownRateClasses(terms: Fields, clientClasses: readonly string[]): ReadonlySet<string> {
  const known = new Set<string>(RATE_CLASSES);
  const calendar = objectOf(terms['rateCalendar']);
  const hours = objectOf(calendar?.['hours']);
  for (const weekday of WEEKDAYS) {
    for (const { fields } of membersOf('', hours?.[weekday])) addText(known, fields['rateClass']);
  }
  for (const one of Object.values(objectOf(calendar?.['outside']) ?? {})) addText(known, one);
  for (const one of clientClasses) known.add(one);
  return known;
}

function addText(into: Set<string>, value: unknown): void {
  if (typeof value === 'string') into.add(value);
}

function inspectRateClasses(inspection: Inspection, terms: Fields, clientClasses: readonly string[]): void {
  const known = knownRateClasses(terms, clientClasses);
  const check = (path: string, value: unknown): void => {
    if (typeof value !== 'string' || value.trim() === '' || known.has(value)) return;
    inspection.note(
      path,
      `${value} is no rate class of this contract, of its client and its sites, or of the organisation; known: ${[...known].join(', ')}`,
    );
  };
  const checkAll = (path: string, values: unknown): void =>
    listOf(values).forEach((value, index) => check(`${path}[${index}]`, value));
  for (const part of ['coverage', 'caps', 'discounts', 'travel']) {
    for (const { path, fields } of membersOf(`terms.${part}`, terms[part]))
      checkAll(`${path}.match.rateClasses`, objectOf(fields['match'])?.['rateClasses']);
  }
  const card = objectOf(terms['rateCard']) ?? {};
  for (const part of ['labour', 'rateClassMultipliers']) {
    for (const { path, fields } of membersOf(`terms.rateCard.${part}`, card[part]))
      check(`${path}.rateClass`, fields['rateClass']);
  }
  for (const { path, fields } of membersOf('terms.rateCard.roundingRules', card['roundingRules']))
    checkAll(`${path}.rateClasses`, fields['rateClasses']);
}

/**
 * Prepaid terms that no rule leads to are a mistake. A prepaid rule without an allotment is none: blocks are purchased later, and until
 * then the work is overage; the coverage analysis warns of it.
 */
function inspectPrepaidUse(inspection: Inspection, terms: Fields): void {
  if (terms['prepaid'] === undefined) return;
  const used = membersOf('', terms['coverage']).some(({ fields }) => fields['outcome'] === 'prepaid');
  if (!used) inspection.note('terms.prepaid', 'is drawn on by no coverage rule: none has the outcome prepaid');
}

function inspectCredits(inspection: Inspection, terms: Fields): void {
  const levels = objectOf(terms['serviceLevels']);
  if (levels === null) return;
  const hasRecurring = listOf(terms['recurringCharges']).length > 0;
  const targets = objectOf(objectOf(levels['policy'])?.['targets']);
  const given: Given[] = [];
  for (const { path, fields } of membersOf('terms.serviceLevels.credits', levels['credits'])) {
    const kind = objectOf(fields['credit'])?.['kind'];
    if (kind === 'percent-of-recurring' && !hasRecurring)
      inspection.note(`${path}.credit`, 'is a part of recurring charges, and the contract has none');
    if (kind === 'amount' && !hasRecurring && levels['maximumCreditPerPeriod'] === undefined)
      inspection.note(
        `${path}.credit`,
        'would always be zero: without recurring charges, terms.serviceLevels.maximumCreditPerPeriod must be stated',
      );
    const credit = { target: fields['target'], priorities: fields['priorities'], path };
    inspectCreditTarget(inspection, credit, targets);
    const before = given.find((one) => takesAll(one, credit));
    if (before !== undefined)
      inspection.note(path, `is never given: ${before.path} is given first for the same breaches`);
    given.push(credit);
  }
}

interface Given {
  readonly target: unknown;
  readonly priorities: unknown;
  readonly path: string;
}

function takesAll(one: Given, other: Given): boolean {
  if (one.target !== other.target) return false;
  if (one.priorities === undefined) return true;
  const others = listOf(other.priorities);
  return others.length > 0 && others.every((priority) => listOf(one.priorities).includes(priority));
}

/** A credit needs a target that can be missed. */
function inspectCreditTarget(inspection: Inspection, credit: Given, targets: Fields | null): void {
  const { target, priorities, path } = credit;
  if (targets === null || (target !== SLA_TARGETS[0] && target !== SLA_TARGETS[1])) return;
  const hasTarget = (priority: string): boolean =>
    Object.hasOwn(targets, priority) && objectOf(targets[priority])?.[target] !== null;
  if (priorities === undefined) {
    if (!Object.keys(targets).some(hasTarget))
      inspection.note(`${path}.target`, `is a ${target} that the policy promises for no priority`);
    return;
  }
  listOf(priorities).forEach((priority, index) => {
    if (PRIORITIES.some((one) => one === priority) && !hasTarget(String(priority)))
      inspection.note(`${path}.priorities[${index}]`, `has no ${target} target in the policy, so it is never missed`);
  });
}
