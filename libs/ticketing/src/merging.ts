import { invariant, type Refusal } from '@billtrail/kernel';
import type { About, Decisions } from './decisions.js';
import type { Stage } from './events.js';
import { routeOf } from './next-steps.js';
import { type TicketRefusalCode, blankField, no } from './refusals.js';
import { isPastResolution } from './sla/moves.js';
import { type Ticket } from './state.js';
import { timersStopped } from './gates.js';

/** The ticket that another is merged into, as its own stream has it. */
export interface MergeTarget {
  readonly clientId: string | null;
  readonly stage: Stage;
  /** Of a closed one. null: it is not closed. */
  readonly closedAs: 'completed' | 'cancelled' | 'duplicate' | 'merged' | null;
  /** The ticket that it was merged into itself; null: none. */
  readonly mergedInto: string | null;
}

/** Merges the ticket into another of the same client: what counts for a whole ticket counts for both, and its history stays. */
export interface MergeTicket extends About {
  readonly type: 'MergeTicket';
  readonly into: string;
  readonly reason: string;
  /** Whoever sends it looks it up; null: there is no such ticket. */
  readonly target?: MergeTarget | null;
}
/** Takes the merge of the ticket back. */
export interface SplitTicket extends About {
  readonly type: 'SplitTicket';
  readonly reason: string;
  /** The other ticket reached its resolution since the merge. Whoever sends it looks that up. Absent: it did not. */
  readonly wasResolved?: boolean;
}

export type MergingCommand = MergeTicket | SplitTicket;

/** What a merged ticket still takes: what is there is corrected, judged and told about, and the merge is taken back. All else goes to the other ticket. */
const STILL_TAKEN: ReadonlySet<string> = new Set([
  'MergeTicket',
  'SplitTicket',
  'AddNote',
  'ReclassifyTicket',
  'ReprioritiseTicket',
  'CorrectTimeEntry',
  'ApproveTimeEntry',
  'RejectTimeEntry',
  'OverrideTimeEntryPrice',
  'VoidTimeEntry',
  'GrantCourtesy',
  'WithdrawCourtesy',
  'RecordSupplierCredit',
  'WithdrawSupplierCredit',
  'CorrectMaterialUsage',
  'ApproveMaterialUsage',
  'RejectMaterialUsage',
  'VoidMaterialUsage',
  'CorrectExpense',
  'ApproveExpense',
  'RejectExpense',
  'VoidExpense',
]);

/** Refuses what belongs on the ticket that this one was merged into; null: it does not, or this one is in none. */
export function refusedByMerge(type: string, ticket: Ticket): Refusal<TicketRefusalCode> | null {
  if (ticket.stage !== 'closed' || ticket.closedAs !== 'merged' || STILL_TAKEN.has(type)) return null;
  const { mergedInto } = ticket;
  return no(
    'TicketMerged',
    `${nameOf(ticket)} was merged into ${mergedInto}: what is new goes there.`,
    `Send it to ${mergedInto}, or take the merge back: ${routeOf(ticket, 'split')}`,
    { mergedInto },
  );
}

/** Refuses another client for a merged ticket: its work is of the client of the one that it was merged into. null: it stays with its own. */
export function movedWhileMerged(ticket: Ticket, clientId: string | null): Refusal<TicketRefusalCode> | null {
  if (ticket.stage !== 'closed' || ticket.closedAs !== 'merged') return null;
  if (clientId === ticket.record.classification.clientId) return null;
  const { mergedInto } = ticket;
  return no(
    'TicketMerged',
    `${nameOf(ticket)} was merged into ${mergedInto}: its work is of the client of that one.`,
    `Correct the client of ${mergedInto}: POST /v1/tickets/${mergedInto}/reclassify, or take the merge back: ${routeOf(ticket, 'split')}`,
    { mergedInto },
  );
}

/** Merging a ticket into another, and taking that back. */
export const MERGING: Decisions<MergingCommand> = {
  MergeTicket(command, ticket, occurredAt) {
    const { into, reason, target } = command;
    const blank = blankField({ into, reason });
    if (blank !== null) return blank;
    if (ticket.stage === 'closed' && ticket.closedAs === 'merged') {
      if (ticket.mergedInto === into) return [];
      return no(
        'TicketMerged',
        `${nameOf(ticket)} was merged into ${ticket.mergedInto} already.`,
        `Take that back first: ${routeOf(ticket, 'split')}`,
        { mergedInto: ticket.mergedInto },
      );
    }
    invariant(target !== undefined, 'nobody looked up the ticket to merge into');
    const refused = targetRule(ticket, into, target) ?? timersStopped(ticket);
    return refused ?? [{ type: 'TicketMerged', data: { into, reason }, occurredAt }];
  },
  SplitTicket(command, ticket, occurredAt) {
    const { reason, wasResolved = false } = command;
    const blank = blankField({ reason });
    if (blank !== null) return blank;
    if (ticket.stage !== 'closed' || ticket.closedAs !== 'merged') {
      if (ticket.record.splitFrom !== null) return [];
      return no(
        'TicketNotMerged',
        `${nameOf(ticket)} was not merged into another ticket.`,
        `To merge it: ${routeOf(ticket, 'merge')}`,
      );
    }
    const data = { from: ticket.mergedInto, stage: ticket.before.stage, reason };
    return [{ type: 'TicketSplit', data: { ...data, ...(wasResolved && { wasResolved }) }, occurredAt }];
  },
};

/** Whether the tickets can be one. */
function targetRule(ticket: Ticket, into: string, target: MergeTarget | null): Refusal<TicketRefusalCode> | null {
  const own = nameOf(ticket);
  if (into === ticket.record.requested?.ticketId)
    return no('FieldInvalid', "A ticket can't be merged into itself.", 'Send the id of the other ticket in `into`.', {
      field: 'into',
    });
  if (target === null)
    return no('TicketUnknown', `No ticket ${into}.`, 'Check the id, or request the ticket: POST /v1/tickets', {
      ticketId: into,
    });
  if (target.mergedInto !== null) return targetMerged(ticket, into, target.mergedInto);
  if (target.closedAs === 'cancelled' || target.closedAs === 'duplicate')
    return no(
      'MergeTargetGone',
      `${into} was closed as ${target.closedAs}: nobody works on it, and nobody bills it.`,
      `Merge it into this one instead: POST /v1/tickets/${into}/merge`,
      { into, closedAs: target.closedAs },
    );
  const { clientId } = ticket.record.classification;
  if (clientId !== null && clientId !== target.clientId)
    return no(
      'TicketOfAnotherClient',
      `${own} is of client ${clientId}, and ${into} of ${target.clientId ?? 'none yet'}.`,
      `Correct the client of the one that is wrong: POST /v1/tickets/${target.clientId === null ? into : own}/reclassify`,
      { clientId, clientIdOfTarget: target.clientId },
    );
  if (isPastResolution(target.stage) && !isPastResolution(ticket.stage))
    return no(
      'MergeTargetResolved',
      `${into} is resolved and ${own} is not: its work would be resolved unseen.`,
      `Reopen ${into}: POST /v1/tickets/${into}/reopen, or merge it into this one: POST /v1/tickets/${into}/merge`,
      { into, stage: ticket.stage, stageOfTarget: target.stage },
    );
  return null;
}

function targetMerged(ticket: Ticket, into: string, further: string): Refusal<TicketRefusalCode> {
  const own = nameOf(ticket);
  const remedy =
    further === own
      ? `They are one already. To have it the other way round, take that back first: POST /v1/tickets/${into}/split`
      : `Merge it into ${further}: ${routeOf(ticket, 'merge')}`;
  return no('MergeTargetGone', `${into} was merged into ${further}.`, remedy, { into, mergedInto: further });
}

function nameOf({ record }: Ticket): string {
  return record.requested?.ticketId ?? 'The ticket';
}
