import type { TicketEvent } from './events.js';
import { stageAfter } from './lifecycle.js';
import { isPastResolution } from './sla/moves.js';

/** What holds a piece of work: then it goes only the way money goes. */
export type HeldBy =
  /** Somebody approved it once, whatever became of it since. */
  | 'approval'
  /** Its ticket reached its resolution once. */
  | 'resolution'
  /** Its ticket was merged into another, which may have been resolved. */
  | 'merge';

const APPROVALS: ReadonlySet<TicketEvent['type']> = new Set([
  'TimeEntryApproved',
  'MaterialUsageApproved',
  'ExpenseApproved',
]);

/** By the events of its own ticket; null: nothing, whoever recorded it corrects and voids it freely. */
export function heldBy(events: readonly TicketEvent[], workItemId: string): HeldBy | null {
  let isMerged = false;
  for (const event of events) {
    if (APPROVALS.has(event.type) && idOfWork(event) === workItemId) return 'approval';
    if (event.type === 'TicketMerged') isMerged = true;
    else if (isEnd(event)) return 'resolution';
  }
  return isMerged ? 'merge' : null;
}

/** Whether anything may hold some of a ticket's work: then it is not classified otherwise at no cost. */
export function mayHoldWork(events: readonly TicketEvent[]): boolean {
  return heldBy(events, '') !== null || events.some(({ type }) => APPROVALS.has(type));
}

/** What is closed without an end of its work was not resolved. */
const NO_ENDS: ReadonlySet<TicketEvent['type']> = new Set(['TicketCancelled', 'TicketMerged', 'TicketSplit']);

function isEnd(event: TicketEvent): boolean {
  const stage = NO_ENDS.has(event.type) ? null : stageAfter(event);
  return stage !== null && isPastResolution(stage);
}

function idOfWork({ data }: TicketEvent): string | null {
  const { timeEntryId, materialUsageId, expenseId } = data as Partial<
    Record<'timeEntryId' | 'materialUsageId' | 'expenseId', string>
  >;
  return timeEntryId ?? materialUsageId ?? expenseId ?? null;
}
