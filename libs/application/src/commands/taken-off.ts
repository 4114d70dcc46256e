import { isRefusal, type ForgoingFacts, type Issued, type Money, type Month, type Refusal } from '@billtrail/kernel';
import {
  rate,
  refuseForgoer,
  type BillableItem,
  type ClientPeriodFacts,
  type Courtesy,
  type PriceOverride,
  type ValueAtRisk,
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
  readonly off: Money;
  /** null: the ticket has no client. */
  readonly clientId: string | null;
  /** Where the work lies in several, the one in which it begins. */
  readonly period: Month;
}

/** Of a courtesy or a price: `target` is the piece of work. null: it takes nothing off. */
export function takenOff(
  target: string,
  ticketId: string,
  { off, clientId, period }: Partial<TakenOff>,
): Omit<ForgoingFacts, 'act'> | null {
  if (off === undefined || clientId === undefined || period === undefined) return null;
  return forgoingOf({ target, clientId, period }, [{ ticketId, money: off }]);
}

/** Why it may not be taken off by whoever asks, or not by them alone; null: they may. */
export function refuseTakingOff(
  value: ValueAtRisk,
  { ticketId, workItemId, secondPerson }: Named & { readonly secondPerson: string | null },
  by: Issued['by'],
  { approvals }: ReadModels,
): Refusal | null {
  const rules = approvals.rulesNow([{ ticketId, workItemId }]);
  if (isRefusal(rules)) return rules;
  return refuseForgoer({ secondPerson, ...rules }, value, by);
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
