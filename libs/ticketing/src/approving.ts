import type { Decision, Issued, Refusal } from '@billtrail/kernel';
import type { About, Decisions } from './decisions.js';
import type { Approved, Rejected, RuleNamed, TicketEvent } from './events.js';
import type { TicketPolicy } from './gates.js';
import { routeOf } from './next-steps.js';
import type { RecordedWork } from './recorded-work.js';
import { type TicketRefusalCode, blankField, no } from './refusals.js';
import type { Ticket } from './state.js';
import { voided, workItem } from './work-items.js';

/**
 * Decides on work as it stood at a version: 1 as recorded first, one more with each correction. Absent: 1, for then nothing was corrected that whoever
 * decides could have missed.
 */
interface OfVersion {
  readonly version?: number | null;
}

/** An approval, perhaps in the place of another: then of no work of either. */
interface InPlace {
  /** Who named whoever approves for these days. Absent: they approve by their own right. */
  readonly inPlaceOf?: string | null;
}

/** Why work is not to be billed as it stands. */
interface WithReason {
  readonly reason: string;
  /** One of the configuration, where it has any. */
  readonly reasonCode?: string | null;
}

export interface ApproveTimeEntry extends About, OfVersion, InPlace {
  readonly type: 'ApproveTimeEntry';
  readonly timeEntryId: string;
  /** By which Billtrail itself approves it. Absent: whoever sends it has looked at it. */
  readonly rule?: RuleNamed;
}
export interface RejectTimeEntry extends About, OfVersion, WithReason {
  readonly type: 'RejectTimeEntry';
  readonly timeEntryId: string;
}
export interface ApproveMaterialUsage extends About, OfVersion, InPlace {
  readonly type: 'ApproveMaterialUsage';
  readonly materialUsageId: string;
}
export interface RejectMaterialUsage extends About, OfVersion, WithReason {
  readonly type: 'RejectMaterialUsage';
  readonly materialUsageId: string;
}
export interface ApproveExpense extends About, OfVersion, InPlace {
  readonly type: 'ApproveExpense';
  readonly expenseId: string;
}
export interface RejectExpense extends About, OfVersion, WithReason {
  readonly type: 'RejectExpense';
  readonly expenseId: string;
}

export type ApprovingCommand =
  ApproveTimeEntry | RejectTimeEntry | ApproveMaterialUsage | RejectMaterialUsage | ApproveExpense | RejectExpense;

/** Time, materials and expenses: approved and rejected, all alike. A document takes what is approved. */
export const APPROVING: Decisions<ApprovingCommand> = {
  ApproveTimeEntry(command, ticket, occurredAt, policy) {
    const { timeEntryId, rule } = command;
    return approve('time', timeEntryId, command, ticket, policy, (approved) => ({
      type: 'TimeEntryApproved',
      data: { timeEntryId, ...approved, ...(rule && { rule }) },
      occurredAt,
    }));
  },
  RejectTimeEntry(command, ticket, occurredAt, policy) {
    const { timeEntryId } = command;
    return reject('time', timeEntryId, command, ticket, policy, (rejected) => ({
      type: 'TimeEntryRejected',
      data: { timeEntryId, ...rejected },
      occurredAt,
    }));
  },
  ApproveMaterialUsage(command, ticket, occurredAt, policy) {
    const { materialUsageId } = command;
    return approve('material', materialUsageId, command, ticket, policy, (approved) => ({
      type: 'MaterialUsageApproved',
      data: { materialUsageId, ...approved },
      occurredAt,
    }));
  },
  RejectMaterialUsage(command, ticket, occurredAt, policy) {
    const { materialUsageId } = command;
    return reject('material', materialUsageId, command, ticket, policy, (rejected) => ({
      type: 'MaterialUsageRejected',
      data: { materialUsageId, ...rejected },
      occurredAt,
    }));
  },
  ApproveExpense(command, ticket, occurredAt, policy) {
    const { expenseId } = command;
    return approve('expense', expenseId, command, ticket, policy, (approved) => ({
      type: 'ExpenseApproved',
      data: { expenseId, ...approved },
      occurredAt,
    }));
  },
  RejectExpense(command, ticket, occurredAt, policy) {
    const { expenseId } = command;
    return reject('expense', expenseId, command, ticket, policy, (rejected) => ({
      type: 'ExpenseRejected',
      data: { expenseId, ...rejected },
      occurredAt,
    }));
  },
};

/** In this order: WorkItemUnknown, WorkItemVoided, WorkChanged, OwnWork. Work that needs no approval, or has it, yields nothing. */
function approve(
  kind: RecordedWork['kind'],
  id: string,
  command: OfVersion & InPlace & Issued,
  ticket: Ticket,
  { selfApproval = 'refused' }: TicketPolicy,
  event: (approved: Approved & { readonly version: number }) => TicketEvent,
): Decision<TicketEvent> {
  const item = judged(kind, id, command, ticket);
  if ('refused' in item) return item;
  const { approval, version } = item;
  if (approval === 'approved' || approval === null) return [];
  const { by, inPlaceOf = null } = command;
  const own = isOwnWork(item, by);
  if (inPlaceOf !== null) {
    const whose = own ? by.id : isOwnWork(item, { ...by, id: inPlaceOf }) ? inPlaceOf : null;
    if (whose !== null)
      return ownWork(id, `${whose} did or entered this work: nobody approves it in the place of another.`);
    return [event({ approvedBy: by.id, inPlaceOf, version })];
  }
  if (own && selfApproval === 'refused') return ownWork(id, "You can't approve your own work.");
  return [event({ approvedBy: by.id, version, ...(own ? ({ isOwnWork: true } as const) : {}) })];
}

function ownWork(workItemId: string, message: string): Refusal<TicketRefusalCode> {
  return no('OwnWork', message, 'Ask someone who neither did the work nor entered it.', { workItemId });
}

/** In this order: WorkItemUnknown, WorkItemVoided, WorkChanged, FieldInvalid, ReasonCodeUnknown. */
function reject(
  kind: RecordedWork['kind'],
  id: string,
  command: OfVersion & Issued & WithReason,
  ticket: Ticket,
  { rejectionCodes }: TicketPolicy,
  event: (rejected: Rejected & { readonly version: number }) => TicketEvent,
): Decision<TicketEvent> {
  const item = judged(kind, id, command, ticket);
  if ('refused' in item) return item;
  if (item.approval === 'rejected') return [];
  const { reason, reasonCode = null, by } = command;
  const broken = blankField({ reason }) ?? unknownCode(reasonCode, rejectionCodes);
  if (broken !== null) return broken;
  return [event({ rejectedBy: by.id, ...(reasonCode && { reasonCode }), reason, version: item.version })];
}

/** null: the code is one of the configuration, which has none, or no such codes. */
function unknownCode(code: string | null, known: readonly string[] | undefined): Refusal<TicketRefusalCode> | null {
  if (known === undefined || (code !== null && known.includes(code))) return null;
  const message = code === null ? 'A rejection needs a reason code.' : `${code} is no reason code of a rejection.`;
  return no('ReasonCodeUnknown', message, `Give one of ${known.join(', ')}.`, { reasonCode: code, known });
}

/** The work as it stands, where that is what is decided on. */
function judged(
  kind: RecordedWork['kind'],
  id: string,
  { version }: OfVersion,
  ticket: Ticket,
): RecordedWork | Refusal<TicketRefusalCode> {
  const item = workItem(ticket, kind, id);
  if ('refused' in item) return item;
  if (item.voided) return voided(id);
  const named = version ?? 1;
  if (item.version === named) return item;
  return no(
    'WorkChanged',
    `${id} was corrected: it is at version ${item.version}, and you decide on version ${named}.`,
    `Look at its facts of now and decide on them with \`version\` ${item.version}: ${routeOf(ticket, APPROVE[kind](id))}, or /reject.`,
    { workItemId: id, version: item.version, named, facts: item.facts },
  );
}

const APPROVE = {
  time: (id: string) => `time-entries/${id}/approve`,
  material: (id: string) => `materials/${id}/approve`,
  expense: (id: string) => `expenses/${id}/approve`,
} as const;

/**
 * Own work is what a person did, entered or corrected. Nobody approves it, where the organisation does not allow that. A policy or import (role `system`)
 * enters work for others and may approve what it entered.
 */
function isOwnWork(item: RecordedWork, by: Issued['by']): boolean {
  if (item.kind === 'time' && item.facts.engineerId === by.id) return true;
  return by.role !== 'system' && item.writtenBy.includes(by.id);
}
