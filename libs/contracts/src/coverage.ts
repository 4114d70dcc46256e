import type { ContractTerms, CoverageMatch, CoverageRule, WorkKind } from './events.js';

/** A work item as coverage rules see it. null: it has no such value, or none was stated. */
export interface WorkToCover {
  readonly kind: WorkKind;
  readonly workType: string | null;
  readonly engineerRole: string | null;
  readonly rateClass: string | null;
  readonly category: string | null;
  readonly ticketType: string | null;
  readonly priority: string | null;
  readonly siteId: string | null;
}

/** One rule that was asked. `failedOn` names the first criterion that did not fit; null: all fitted, the rule was taken. */
export interface RuleTried {
  readonly ruleId: string;
  readonly failedOn: keyof CoverageMatch | null;
}

export interface Coverage {
  /** The rule taken; null: no rule matched, which is a gap `unpriced` and never "free". */
  readonly rule: CoverageRule | null;
  /** Every rule that was asked, in order, the one taken last. */
  readonly tried: readonly RuleTried[];
}

/** Asks the ordered rules of a contract version; the first that matches wins (rating.md, step 3). */
export function coverageOf(terms: Pick<ContractTerms, 'coverage'>, work: WorkToCover): Coverage {
  const tried: RuleTried[] = [];
  for (const rule of terms.coverage) {
    const failedOn = firstMismatch(rule.match, work);
    tried.push({ ruleId: rule.id, failedOn });
    if (failedOn === null) return { rule, tried };
  }
  return { rule: null, tried };
}

/** True if every criterion of a match fits the work. Caps and discounts use it too. */
export function fitsMatch(match: CoverageMatch, work: WorkToCover): boolean {
  return firstMismatch(match, work) === null;
}

/** A criterion that is absent fits everything; one that is present never fits work that has no such value. */
function firstMismatch(match: CoverageMatch, work: WorkToCover): keyof CoverageMatch | null {
  if (!fits(match.kinds, work.kind)) return 'kinds';
  if (!fits(match.workTypes, work.workType)) return 'workTypes';
  if (!fits(match.categories, work.category)) return 'categories';
  if (!fits(match.ticketTypes, work.ticketType)) return 'ticketTypes';
  if (!fits(match.priorities, work.priority)) return 'priorities';
  if (!fits(match.engineerRoles, work.engineerRole)) return 'engineerRoles';
  if (!fits(match.sites, work.siteId)) return 'sites';
  if (!fits(match.rateClasses, work.rateClass)) return 'rateClasses';
  return null;
}

function fits(wanted: readonly string[] | undefined, actual: string | null): boolean {
  return wanted === undefined || (actual !== null && wanted.includes(actual));
}
