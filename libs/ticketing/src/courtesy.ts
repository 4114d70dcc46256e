import { type MoneyJson, type Refusal, invariant, isRefusal } from '@billtrail/kernel';
import type { About, Decisions } from './decisions.js';
import { routeOf, timelineOf } from './next-steps.js';
import { type TicketRefusalCode, blankField, no } from './refusals.js';
import type { RecordedWork } from './recorded-work.js';
import { sameData } from './same-data.js';
import type { Ticket } from './state.js';
import { voided } from './work-items.js';
import { courtesyRule, plainMoney } from './work-rules.js';

/**
 * Gives work for nothing, or an amount of it; the client reads why. Yields nothing if it is given so already. Refuses, in this order: WorkItemUnknown,
 * WorkItemVoided, FieldInvalid, MoneyInvalid, CourtesyExists, and what `looked` says.
 */
export interface GrantCourtesy extends About {
  readonly type: 'GrantCourtesy';
  readonly workItemId: string;
  /** Absent or null: all that the work comes to. */
  readonly amount?: MoneyJson | null;
  /** For the client. */
  readonly reason: string;
  /** For the house. */
  readonly comment?: string | null;
  /** What is given, as whoever sends it priced the work and looked at limits; or why nothing can be. */
  readonly looked?: { readonly amount: MoneyJson } | Refusal;
}

/** The work is asked for again. Yields nothing where none is given. Refuses, in this order: WorkItemUnknown, FieldInvalid, and what `looked` says. */
export interface WithdrawCourtesy extends About {
  readonly type: 'WithdrawCourtesy';
  readonly workItemId: string;
  readonly reason: string;
  /** Why it can't be withdrawn; null: it can. */
  readonly looked?: Refusal | null;
}

export type CourtesyCommand = GrantCourtesy | WithdrawCourtesy;

/** What accounts give of work by choice. */
export const COURTESIES: Decisions<CourtesyCommand> = {
  GrantCourtesy(command, ticket, occurredAt) {
    const { workItemId, reason, looked, by } = command;
    const item = anyWork(ticket, workItemId);
    if ('refused' in item) return item;
    if (item.voided) return voided(workItemId);
    const asked = plainMoney(command.amount);
    const malformed = blankField({ reason }) ?? courtesyRule(asked);
    if (malformed !== null) return malformed;
    const known = item.courtesy ?? null;
    if (known !== null) return isSame(known, asked, reason) ? [] : exists(ticket, workItemId, known);
    invariant(looked !== undefined, `nobody looked what ${workItemId} comes to`);
    if (isRefusal(looked)) return looked;
    const { amount } = looked;
    const given = { workItemId, amount, isAll: asked === null, reason };
    const people = { comment: command.comment ?? null, grantedBy: by.id, secondPerson: null };
    return [{ type: 'CourtesyGranted', data: { ...given, ...people }, occurredAt }];
  },
  WithdrawCourtesy(command, ticket, occurredAt) {
    const { workItemId, reason, looked, by } = command;
    const item = anyWork(ticket, workItemId);
    if ('refused' in item) return item;
    const blank = blankField({ reason });
    if (blank !== null) return blank;
    if ((item.courtesy ?? null) === null) return [];
    invariant(looked !== undefined, `nobody looked where ${workItemId} stands`);
    if (looked !== null) return looked;
    return [{ type: 'CourtesyWithdrawn', data: { workItemId, reason, withdrawnBy: by.id }, occurredAt }];
  },
};

type Known = NonNullable<RecordedWork['courtesy']>;

function isSame(known: Known, asked: MoneyJson | null, reason: string): boolean {
  return (
    known.reason === reason && known.isAll === (asked === null) && (asked === null || sameData(known.amount, asked))
  );
}

function exists(ticket: Ticket, workItemId: string, { amount }: Known): Refusal<TicketRefusalCode> {
  return no(
    'CourtesyExists',
    `${amount.amount} ${amount.currency} of ${workItemId} is given already.`,
    `Withdraw that first: ${routeOf(ticket, `work/${workItemId}/courtesy/withdraw`)}`,
    { workItemId, amount },
  );
}

/** Of whatever kind: an id is one piece of work of its ticket. */
function anyWork(ticket: Ticket, workItemId: string): RecordedWork | Refusal<TicketRefusalCode> {
  return (
    ticket.record.workItems.get(workItemId) ??
    no('WorkItemUnknown', `The ticket has no work ${workItemId}.`, `Check the id: ${timelineOf(ticket)}`, {
      workItemId,
    })
  );
}
