import { isRefusal, type ForgoingFacts, type Issued, type Money, type Month, type Refusal } from '@billtrail/kernel';
import {
  rate,
  refuseOwnWork,
  type BillableItem,
  type ClientPeriodFacts,
  type Courtesy,
  type PriceOverride,
  type WorkItem,
} from '@billtrail/billing';
import type { ReadModels } from '@billtrail/read-models';
import { forgoingOf } from './forgone.js';

export interface Named {
  readonly ticketId: string;
  readonly workItemId: string;
}

/** What an act on a piece of work takes off, and of whom. */
export interface TakenOff {
  /** null: nobody can state it. */
  readonly off: Money | null;
  /** null: the ticket has no client. */
  readonly clientId: string | null;
  /** Where the work lies in several, the one in which it begins; null: in none that anybody knows. */
  readonly period: Month | null;
  /** Account ids of those who did it. */
  readonly workBy: readonly string[];
}

/** Of a courtesy or a price: `target` is the piece of work. null: it takes nothing off. */
export function takenOff(
  target: string,
  ticketId: string,
  { off, clientId, period, workBy }: Partial<TakenOff>,
): Omit<ForgoingFacts, 'act'> | null {
  if (off === undefined || clientId === undefined || period === undefined || workBy === undefined) return null;
  return forgoingOf({ target, clientId, period, workBy }, [{ ticketId, money: off }]);
}

/** Who did a piece of work; refuses whoever takes something off of it where they are among them. */
export function workersBut(by: Issued['by'], named: Named, { approvals }: ReadModels): readonly string[] | Refusal {
  const rules = approvals.rulesNow([named]);
  if (isRefusal(rules)) return rules;
  return refuseOwnWork(rules, by) ?? rules.workBy;
}

/** What rating makes of a piece of work, were it so. */
export function ratedAs(
  facts: ClientPeriodFacts,
  name: string,
  changes: { readonly courtesy?: Courtesy | undefined; readonly override?: PriceOverride | undefined },
): readonly BillableItem[] {
  const work = facts.work.map((one) => (one.workItemId === name ? ({ ...one, ...changes } as WorkItem) : one));
  return rate({ ...facts, work }).items.filter(({ workItemId }) => workItemId === name);
}
