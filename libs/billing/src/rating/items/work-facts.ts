import { type MoneyJson, unreachable } from '@billtrail/kernel';
import type { PricedFacts } from '../../item/basis.js';
import type { TraceFact, TraceStep } from '../../item/trace.js';
import type { WorkItem } from '../facts.js';

/** The facts of the work that its price rests on, and no others. They are frozen with an item. */
export function pricedFacts(work: WorkItem): PricedFacts {
  switch (work.kind) {
    case 'time': {
      const { startedAt, endedAt } = work;
      const hasTimes = startedAt !== null && endedAt !== null;
      return {
        kind: 'time',
        workDate: work.workDate,
        actualMinutes: work.minutes,
        statedBillableMinutes: work.statedBillableMinutes,
        workType: work.workType,
        engineerRole: work.engineerRole,
        engineerId: work.engineerId,
        rateClass: work.rateClass,
        startedAt: hasTimes ? startedAt : null,
        endedAt: hasTimes ? endedAt : null,
        override: work.override?.pricePerHour ?? null,
      };
    }
    case 'material': {
      const { workDate, itemCode, quantity, unitCost, taxIncluded, listPrice, underWarranty } = work;
      const tax = taxIncluded === undefined ? {} : { taxIncluded };
      return { kind: 'material', workDate, itemCode, quantity, unitCost, ...tax, listPrice, underWarranty };
    }
    case 'expense':
      return expenseFacts(work);
    default:
      return unreachable(work);
  }
}

function expenseFacts(work: Extract<WorkItem, { kind: 'expense' }>): PricedFacts {
  const { workDate, cost, taxIncluded, quantity, unit, expenseType } = work;
  return {
    kind: 'expense',
    workDate,
    cost,
    ...(taxIncluded === undefined ? {} : { taxIncluded }),
    ...(quantity === undefined ? {} : { quantity }),
    ...(unit === undefined ? {} : { unit }),
    ...(expenseType === undefined ? {} : { expenseType }),
  };
}

/** The first step of every trace. What was not recorded of a time entry is left out, and the engineer, of whom it tells the role. */
export function workStep(work: WorkItem): TraceStep {
  return { step: 'work', text: sentence(work), facts: told(pricedFacts(work)) };
}

function sentence(work: WorkItem): string {
  switch (work.kind) {
    case 'time':
      return `${work.minutes} min of ${work.workType} by ${work.engineerRole} on ${work.workDate}`;
    case 'material':
      return `${work.quantity} ${work.unit} of ${work.itemCode} on ${work.workDate}`;
    case 'expense':
      return `expense of ${work.quantity === undefined ? '' : `${work.quantity} ${work.unit ?? 'x'} at `}${work.cost.amount} ${work.cost.currency} on ${work.workDate}`;
    default:
      return unreachable(work);
  }
}

const OPTIONAL: ReadonlySet<string> = new Set(['startedAt', 'endedAt', 'override']);

function told(facts: PricedFacts): Record<string, TraceFact> {
  const entries = Object.entries(facts) as [string, MoneyJson | string | number | boolean | null][];
  return Object.fromEntries(
    entries
      .filter(([name, value]) => name !== 'engineerId' && (value !== null || !OPTIONAL.has(name)))
      .map(([name, value]) => [
        name,
        typeof value === 'object' && value !== null ? `${value.amount} ${value.currency}` : value,
      ]),
  );
}
