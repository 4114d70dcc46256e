import type { TicketEvent } from './events.js';
import { stageAfter } from './lifecycle.js';
import { isPastResolution } from './sla/moves.js';

/** What holds a piece of work: then it goes only the way money goes. */
export type HeldBy =
  /** Somebody approved it once, whatever became of it since. */
  | 'approval'
  /** Its ticket reached its resolution after it was recorded, or was split off from one that had. */
  | 'resolution'
  /** Its ticket is part of another, which may have been resolved. */
  | 'merge';

export const RECORDS: ReadonlySet<TicketEvent['type']> = new Set([
  'TimeEntryLogged',
  'MaterialUsed',
  'ExpenseIncurred',
]);

export const APPROVALS: ReadonlySet<TicketEvent['type']> = new Set([
  'TimeEntryApproved',
  'MaterialUsageApproved',
  'ExpenseApproved',
]);

/** By the events of its own ticket; null: nothing, whoever recorded it corrects and voids it freely. */
export function heldBy(events: readonly TicketEvent[], workItemId: string): HeldBy | null {
  const recordedAt = events.findIndex((event) => RECORDS.has(event.type) && idOfWork(event) === workItemId);
  if (events.some((event) => APPROVALS.has(event.type) && idOfWork(event) === workItemId)) return 'approval';
  const standing = new Standing();
  for (const [index, event] of events.entries()) {
    standing.after(event);
    // What was recorded since a ticket was opened again is not held before it is resolved again.
    if (index >= recordedAt && (standing.isEnded || isSplitResolved(event))) return 'resolution';
  }
  return standing.isMerged ? 'merge' : null;
}

/** Whether anything may hold some of a ticket's work: then it is not classified otherwise at no cost. */
export function mayHoldWork(events: readonly TicketEvent[]): boolean {
  return events.some(
    (event) => APPROVALS.has(event.type) || event.type === 'TicketMerged' || isSplitResolved(event) || isEnd(event),
  );
}

/** Whether a ticket reached its resolution after a position of the log, by itself or as part of another. */
export function wasResolvedSince(
  events: readonly (TicketEvent & { readonly position: number })[],
  position: number,
): boolean {
  return events.some((event) => event.position > position && (isEnd(event) || isSplitResolved(event)));
}

/** Whether the work of a ticket is done, as its events say one after the other. */
class Standing {
  isEnded = false;
  isMerged = false;
  private wasEnded = false;

  after(event: TicketEvent): void {
    if (event.type === 'TicketMerged' || event.type === 'TicketSplit') {
      this.isMerged = event.type === 'TicketMerged';
      return;
    }
    if (stageAfter(event) === null) return;
    // Cancelled after a resolution, all its work is accounted for.
    this.isEnded = isEnd(event) || (event.type === 'TicketCancelled' && this.wasEnded);
    this.wasEnded ||= this.isEnded;
  }
}

/** What is closed without an end of its work was not resolved. */
const NO_ENDS: ReadonlySet<TicketEvent['type']> = new Set(['TicketCancelled', 'TicketMerged', 'TicketSplit']);

function isEnd(event: TicketEvent): boolean {
  const stage = NO_ENDS.has(event.type) ? null : stageAfter(event);
  return stage !== null && isPastResolution(stage);
}

/** The ticket is resolved, or part of one that may be. */
export function isEndOfWork(event: TicketEvent): boolean {
  return isEnd(event) || event.type === 'TicketMerged' || isSplitResolved(event);
}

function isSplitResolved(event: TicketEvent): boolean {
  return event.type === 'TicketSplit' && event.data.wasResolved === true;
}

export function idOfWork({ data }: TicketEvent): string | null {
  const { timeEntryId, materialUsageId, expenseId } = data as Partial<
    Record<'timeEntryId' | 'materialUsageId' | 'expenseId', string>
  >;
  return timeEntryId ?? materialUsageId ?? expenseId ?? null;
}
