import { type MoneyJson, flat, unreachable } from '@billtrail/kernel';
import type { WorkItem } from '../facts.js';
import type { TraceFact, TraceStep } from '../../item/trace.js';

function moneyText(money: MoneyJson | null): string | null {
  return money === null ? null : `${money.amount} ${money.currency}`;
}

/** Start and end, and an override, only where there are such, so that what was frozen before they were stated still is the same work. */
function factsOfTime(work: Extract<WorkItem, { kind: 'time' }>): Record<string, TraceFact> {
  const {
    kind,
    workDate,
    minutes: actualMinutes,
    statedBillableMinutes,
    workType,
    engineerRole,
    rateClass,
    startedAt,
    endedAt,
  } = work;
  const facts: Record<string, TraceFact> =
    startedAt === null || endedAt === null
      ? { kind, workDate, actualMinutes, statedBillableMinutes, workType, engineerRole, rateClass }
      : { kind, workDate, actualMinutes, statedBillableMinutes, workType, engineerRole, rateClass, startedAt, endedAt };
  if (work.override !== undefined) facts['override'] = moneyText(work.override.pricePerHour);
  return facts;
}

/**
 * The first step of every trace: the facts of the work that its price rests on, and no others. They are frozen with an item, so that
 * a later correction is told from a later change of contract.
 */
export function workStep(work: WorkItem): TraceStep {
  switch (work.kind) {
    case 'time':
      return {
        step: 'work',
        text: flat(`${work.minutes} min of ${work.workType} by ${work.engineerRole} on ${work.workDate}`),
        facts: factsOfTime(work),
      };
    case 'material':
      return {
        step: 'work',
        text: `${work.quantity} ${work.unit} of ${work.itemCode} on ${work.workDate}`,
        facts: {
          kind: work.kind,
          workDate: work.workDate,
          itemCode: work.itemCode,
          quantity: work.quantity,
          unitCost: moneyText(work.unitCost),
          listPrice: moneyText(work.listPrice),
          underWarranty: work.underWarranty,
        },
      };
    case 'expense':
      return {
        step: 'work',
        text: `expense of ${work.cost.amount} ${work.cost.currency} on ${work.workDate}`,
        facts: { kind: work.kind, workDate: work.workDate, cost: moneyText(work.cost) },
      };
    default:
      return unreachable(work);
  }
}

/** Facts of time that are stated only where they exist. */
const TIMES = ['startedAt', 'endedAt'] as const;

/**
 * True where the work is, in all that its price rests on, what it was when `frozen` was written. Items that were frozen before start and end
 * were kept with them say nothing about those. An adjustment that does not hold all of the work tells nothing: one that a cap held back, until the
 * cap lets the rest through, and one beside which a write-off is taken back.
 */
export function isSameWork(frozen: readonly TraceStep[], now: TraceStep): boolean {
  const then = frozen.find((step) => step.step === 'work');
  if (then === undefined || frozen.some(holdsNotAll)) return false;
  if ((then.facts['override'] ?? null) !== (now.facts['override'] ?? null)) return false;
  if (TIMES.some((name) => name in then.facts && then.facts[name] !== now.facts[name])) return false;
  return Object.entries(now.facts).every(
    ([name, value]: [string, TraceFact]) => name === 'startedAt' || name === 'endedAt' || then.facts[name] === value,
  );
}

function holdsNotAll({ step, facts }: TraceStep): boolean {
  return (step === 'cap' && 'heldBack' in facts) || (step === 'adjustment' && 'writeOffTakenBack' in facts);
}
