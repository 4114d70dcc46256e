import { type CoverageMatch, type CoverageRule, WORK_KINDS, type WorkKind } from '../events.js';

const TIME_CRITERIA = ['workTypes', 'engineerRoles', 'rateClasses'] as const;
const TICKET_CRITERIA = ['categories', 'ticketTypes', 'priorities', 'sites'] as const;
type OpenCriterion = (typeof TIME_CRITERIA)[number] | (typeof TICKET_CRITERIA)[number];

/** Questions after which a rule counts as one that may win: a warning that is missing is better than an answer that never comes. */
const MAX_QUESTIONS = 20_000;

/** A rule that no work reaches, and the rules before it that take all of its work. */
export interface ShadowedRule {
  readonly ruleId: string;
  readonly takenBy: readonly string[];
}

/** The rules of an ordered list that can never win, whatever the work: rules before them, one or several together, take all of it. */
export function shadowedRules(rules: readonly CoverageRule[]): readonly ShadowedRule[] {
  return rules.flatMap((rule, index) => {
    const kinds = askableKinds(rule.match);
    const before = rules
      .slice(0, index)
      .filter((one) => meets(one.match, rule.match) && askableKinds(one.match).some((kind) => kinds.includes(kind)));
    if (canWin(rule.match, before)) return [];
    return [{ ruleId: rule.id, takenBy: before.map((earlier) => earlier.id) }];
  });
}

/** True if some work may match both. */
function meets(one: CoverageMatch, other: CoverageMatch): boolean {
  return (['kinds', ...TIME_CRITERIA, ...TICKET_CRITERIA] as const).every((criterion) => {
    const [a, b]: readonly (readonly string[] | undefined)[] = [one[criterion], other[criterion]];
    return a === undefined || b === undefined || a.some((value) => b.includes(value));
  });
}

function canWin(match: CoverageMatch, before: readonly CoverageRule[]): boolean {
  const budget = { left: MAX_QUESTIONS };
  return askableKinds(match).some((kind) => {
    const rivals = before.filter((rule) => askableKinds(rule.match).includes(kind));
    return escapes(match, criteriaOf(kind), rivals, budget);
  });
}

/** Materials and expenses have no work type, role or rate class: a rule that asks for one never matches them. */
function askableKinds(match: CoverageMatch): readonly WorkKind[] {
  return (match.kinds ?? WORK_KINDS).filter((kind) => kind === 'time' || !asksForTime(match));
}

function asksForTime(match: CoverageMatch): boolean {
  return TIME_CRITERIA.some((criterion) => match[criterion] !== undefined);
}

function criteriaOf(kind: WorkKind): readonly OpenCriterion[] {
  return kind === 'time' ? [...TIME_CRITERIA, ...TICKET_CRITERIA] : TICKET_CRITERIA;
}

/**
 * True if some choice of values matches the rule and none of its rivals. Where the rule leaves a criterion open, the choice is a value
 * that nobody names: it matches the fewest rivals.
 */
function escapes(
  match: CoverageMatch,
  criteria: readonly OpenCriterion[],
  rivals: readonly CoverageRule[],
  budget: { left: number },
): boolean {
  if (rivals.length === 0 || budget.left <= 0) return true;
  budget.left -= 1;
  if (rivals.some((rival) => criteria.every((criterion) => rival.match[criterion] === undefined))) return false;
  const [criterion, ...rest] = criteria;
  if (criterion === undefined) return false;
  const values: readonly (string | null)[] = match[criterion] ?? [null];
  const asked = new Set<string>();
  return values.some((value) => {
    const left = rivals.filter((rival) => {
      const wanted = rival.match[criterion];
      return wanted === undefined || (value !== null && wanted.includes(value));
    });
    const key = left.map((rival) => rival.id).join(' ');
    if (asked.has(key)) return false;
    asked.add(key);
    return escapes(match, rest, left, budget);
  });
}
