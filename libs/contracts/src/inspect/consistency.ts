import { type Partly, WEEKDAYS, namedIn } from '@billtrail/kernel';
import type { Note } from '../problems.js';
import type { ContractTerms } from '../terms/contract-terms.js';
import type { CoverageMatch } from '../terms/coverage-rule.js';
import { RATE_CLASSES } from '../terms/rate-calendar.js';
import type { SharedTerms } from '../shared-terms.js';
import { inspectCredits } from './credits.js';

/*
 * What one part of the terms says about another. A part without its shape is left out, and these checks pass over it, so that one misspelt price does
 * not hide a contradiction.
 */

type Terms = Partly<ContractTerms>;

export function inspectConsistency(
  note: Note,
  terms: Terms,
  clientClasses: readonly string[] | null,
  shared: SharedTerms | null,
): void {
  inspectIds(note, terms);
  const named = terms.rateCalendar?.calendar;
  const calendar = named === undefined ? terms.rateCalendar : namedIn(shared?.calendars, named);
  if (clientClasses !== null && (named === undefined || calendar !== undefined))
    inspectRateClasses(note, { ...terms, rateCalendar: calendar }, clientClasses);
  inspectPrepaidUse(note, terms);
  if (terms.serviceLevels !== undefined) inspectCredits(note, terms, terms.serviceLevels);
}

function at<T>(path: string, list: readonly T[] | undefined): readonly (readonly [string, T])[] {
  return (list ?? []).map((member, index) => [`${path}[${index}]`, member] as const);
}

/** Charges, caps, discounts, credits and the allotment are named by their ids on items and statements: one id, one term. */
function inspectIds(note: Note, terms: Terms): void {
  const first = new Map<string, string>();
  for (const [path, member] of [
    ['terms.prepaid.allotment', terms.prepaid?.allotment] as const,
    ...at('terms.recurringCharges', terms.recurringCharges),
    ...at('terms.oneTimeFees', terms.oneTimeFees),
    ...at('terms.milestones', terms.milestones),
    ['terms.minimumCommitment', terms.minimumCommitment] as const,
    ...at('terms.caps', terms.caps),
    ...at('terms.discounts', terms.discounts),
    ...at('terms.travel', terms.travel),
    ...at('terms.serviceLevels.credits', terms.serviceLevels?.credits),
    ...at('terms.serviceLevels.creditsByBreaches', terms.serviceLevels?.creditsByBreaches),
  ]) {
    const id = member?.id;
    if (id === undefined) continue;
    const before = first.get(id);
    if (before === undefined) first.set(id, path);
    else note(`${path}.id`, `${id} is already the id of ${before}`);
  }
}

/** Classes that work can have: those of rating, and those that the calendars name. A misspelt one would never match. */
function knownRateClasses({ rateCalendar }: Terms, clientClasses: readonly string[]): ReadonlySet<string> {
  const hours = WEEKDAYS.flatMap((weekday) => rateCalendar?.hours?.[weekday] ?? []);
  const named = [...hours.map((one) => one?.rateClass), ...Object.values(rateCalendar?.outside ?? {})];
  return new Set<string>([...RATE_CLASSES, ...named.filter((one) => one !== undefined), ...clientClasses]);
}

function inspectRateClasses(note: Note, terms: Terms, clientClasses: readonly string[]): void {
  const known = knownRateClasses(terms, clientClasses);
  const check = (path: string, value: string | undefined): void => {
    if (value !== undefined && !known.has(value))
      note(
        path,
        `${value} is no rate class of this contract, of its client and its sites, or of the organisation; known: ${[...known].join(', ')}`,
      );
  };
  const checkAll = (path: string, values: Partly<CoverageMatch>['rateClasses']): void =>
    values?.forEach((value, index) => check(`${path}[${index}]`, value));
  for (const [path, member] of [
    ...at('terms.coverage', terms.coverage),
    ...at('terms.caps', terms.caps),
    ...at('terms.discounts', terms.discounts),
    ...at('terms.travel', terms.travel),
  ])
    checkAll(`${path}.match.rateClasses`, member?.match?.rateClasses);
  const { labour, rateClassMultipliers, roundingRules } = terms.rateCard ?? {};
  for (const [path, rate] of [
    ...at('terms.rateCard.labour', labour),
    ...at('terms.rateCard.rateClassMultipliers', rateClassMultipliers),
  ])
    check(`${path}.rateClass`, rate?.rateClass);
  for (const [path, rule] of at('terms.rateCard.roundingRules', roundingRules))
    checkAll(`${path}.rateClasses`, rule?.rateClasses);
  const { burn } = terms.prepaid ?? {};
  for (const [path, one] of at('terms.prepaid.burn.weights', burn?.by === 'weights' ? burn.weights : undefined))
    check(`${path}.rateClass`, one?.rateClass);
}

/**
 * Prepaid terms that no rule leads to are a mistake. A prepaid rule without an allotment is none: blocks are purchased later, and until
 * then the work is overage; the coverage analysis warns of it.
 */
function inspectPrepaidUse(note: Note, { prepaid, coverage }: Terms): void {
  if (prepaid === undefined || coverage?.some((rule) => rule?.outcome === undefined || rule.outcome === 'prepaid'))
    return;
  note('terms.prepaid', 'is drawn on by no coverage rule: none has the outcome prepaid');
}
