import type { ApprovalRule } from './configuration-shape.js';
import type { TimeEntryFacts } from './events.js';
import {
  MINUTES_OF_DAY,
  exceptionsOf,
  minutesOfDay,
  type TimeOfEngineer,
  type WorkToLookAt,
} from './work-exceptions.js';

/** How many days after the work it may be recorded, where a rule does not say. */
const DEFAULT_DAYS = 7;

/** What bounds the work that a rule approves, where it leaves a bound out too. */
export function boundsOf({
  upToMinutes,
  upToMinutesOfDay = MINUTES_OF_DAY,
  withinDays = DEFAULT_DAYS,
  withTimesOnly = false,
}: ApprovalRule) {
  return { upToMinutes, upToMinutesOfDay, withinDays, withTimesOnly };
}

/** A time entry that nobody approved or rejected. */
export interface TimeToApprove extends WorkToLookAt {
  readonly time: TimeOfEngineer & TimeEntryFacts;
  /** A person set its price. */
  readonly hasOwnPrice: boolean;
}

/** The rules in force. */
export interface RulesInForce {
  readonly rules: readonly ApprovalRule[];
  /** Who published them: their own time is approved by another person. */
  readonly publishedBy: string;
}

/**
 * The first rule by which an entry needs nobody. null: a person looks at it, for it is within no rule's bounds, is out of the ordinary ({@link exceptionsOf}), or says itself what is
 * asked for it: minutes to bill, a class of hours, a price. `ofEngineer`: the live time entries of its engineer on the days around it.
 */
export function ruleThatApproves(
  work: TimeToApprove,
  ofEngineer: readonly TimeOfEngineer[],
  { rules, publishedBy }: RulesInForce,
): ApprovalRule | null {
  const { time, hasOwnPrice } = work;
  if (hasOwnPrice || time.statedBillableMinutes !== null || time.rateClass !== null) return null;
  const minutes = minutesOfDay(time, ofEngineer);
  const approves = (rule: ApprovalRule): boolean => {
    const { workTypes, engineerRoles } = rule;
    const { upToMinutes, upToMinutesOfDay, withinDays, withTimesOnly } = boundsOf(rule);
    if (workTypes?.includes(time.workType) === false) return false;
    if (engineerRoles?.includes(time.engineerRole) === false) return false;
    if (withTimesOnly && (time.startedAt === null || time.endedAt === null)) return false;
    if (minutes > upToMinutesOfDay) return false;
    const bounds = { personIds: [publishedBy], normalMinutes: upToMinutes, normalDays: withinDays };
    return exceptionsOf(work, ofEngineer, bounds).length === 0;
  };
  return rules.find(approves) ?? null;
}
