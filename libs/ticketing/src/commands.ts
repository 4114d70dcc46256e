import type { Instant, LocalDate, Minutes, MoneyJson } from '@billtrail/kernel';
import type { Priority } from './classification.js';

/** In every command: the ticket, and when it happened if that was not just now. */
interface About {
  readonly ticketId: string;
  /** Business time; absent: the time at which the command was issued. At most a few minutes ahead of it. */
  readonly occurredAt?: Instant;
}

/** Fields of the classification. An absent field or null keeps the known value. */
interface ClassificationInput {
  readonly clientId?: string | null;
  readonly contractId?: string | null;
  readonly siteId?: string | null;
  readonly category?: string | null;
  readonly ticketType?: string | null;
  readonly priority?: Priority | null;
}

/** See TimeEntryFacts; absent is null. */
export interface TimeEntryInput {
  readonly engineerId: string;
  readonly engineerRole: string;
  readonly workType: string;
  readonly minutes: Minutes;
  readonly workDate: LocalDate;
  readonly startedAt?: Instant | null;
  readonly endedAt?: Instant | null;
  readonly statedBillableMinutes?: Minutes | null;
  readonly rateClass?: string | null;
  readonly description: string;
}

/** See MaterialFacts; absent is null, or false. */
export interface MaterialInput {
  readonly itemCode: string;
  readonly description: string;
  readonly quantity: string;
  readonly unit: string;
  readonly unitCost?: MoneyJson | null;
  readonly listPrice?: MoneyJson | null;
  readonly serialNumber?: string | null;
  readonly underWarranty?: boolean;
  readonly workDate: LocalDate;
}

/** See ExpenseFacts; absent is null. */
export interface ExpenseInput {
  readonly description: string;
  readonly cost: MoneyJson;
  readonly receiptReference?: string | null;
  readonly workDate: LocalDate;
}

export interface RequestTicket extends About, ClassificationInput {
  readonly type: 'RequestTicket';
  readonly summary: string;
  readonly description?: string | null;
  readonly reference?: string | null;
  readonly requestedBy?: string | null;
  readonly source?: string | null;
}
export interface TriageTicket extends About, ClassificationInput {
  readonly type: 'TriageTicket';
}
/** Corrects the classification at any stage: a contract found late, a wrong client. Absent or null fields keep their value. */
export interface ReclassifyTicket extends About, ClassificationInput {
  readonly type: 'ReclassifyTicket';
  readonly reason?: string | null;
}
/** Assigns the ticket, or reassigns it to another engineer or team before it is resolved. */
export interface AssignTicket extends About {
  readonly type: 'AssignTicket';
  readonly engineerId: string;
  readonly team?: string | null;
}
export interface StartWork extends About {
  readonly type: 'StartWork';
}
export interface PendTicketOnClient extends About {
  readonly type: 'PendTicketOnClient';
  readonly reason?: string | null;
}
export interface PendTicketOnThirdParty extends About {
  readonly type: 'PendTicketOnThirdParty';
  readonly reason?: string | null;
}
export interface ResumeTicket extends About {
  readonly type: 'ResumeTicket';
}
export interface ResolveTicket extends About {
  readonly type: 'ResolveTicket';
  readonly resolution?: string | null;
  readonly materials?: 'listed' | 'none-used' | null;
  readonly scope?: 'in-contract' | 'out-of-scope' | null;
}
/** Generates the service verification report from the work recorded so far; again if work was added since. */
export interface RequestServiceVerification extends About {
  readonly type: 'RequestServiceVerification';
}
/** By a contact of the client, or by the policy for silent approval (role `system`). */
export interface ApproveServiceVerification extends About {
  readonly type: 'ApproveServiceVerification';
}
export interface RejectServiceVerification extends About {
  readonly type: 'RejectServiceVerification';
  readonly reason: string;
}
export interface CloseTicket extends About {
  readonly type: 'CloseTicket';
}
export interface CancelTicket extends About {
  readonly type: 'CancelTicket';
  readonly as: 'cancelled' | 'duplicate';
  /** The other ticket, for a duplicate. */
  readonly duplicateOf?: string | null;
  readonly reason: string;
}
export interface ReopenTicket extends About {
  readonly type: 'ReopenTicket';
  readonly reason?: string | null;
  /** The engineer who takes it; absent: the one who had it. */
  readonly engineerId?: string | null;
}
export interface ReprioritiseTicket extends About {
  readonly type: 'ReprioritiseTicket';
  readonly priority: Priority;
}
export interface AddNote extends About {
  readonly type: 'AddNote';
  readonly noteId: string;
  readonly text: string;
  readonly visibility: 'internal' | 'client';
}
/** The timer starts at the command's business time. */
export interface StartTimer extends About {
  readonly type: 'StartTimer';
  readonly timerId: string;
  readonly engineerId: string;
}
/**
 * Stops at the command's business time. With `timeEntryId` it logs a time entry for the engineer who ran it, from start to end, and
 * `engineerRole`, `workType`, `workDate` and `description` are required too; without, the time is discarded.
 */
export interface StopTimer extends About {
  readonly type: 'StopTimer';
  readonly timerId: string;
  readonly timeEntryId?: string | null;
  readonly engineerRole?: string | null;
  readonly workType?: string | null;
  readonly workDate?: LocalDate | null;
  readonly description?: string | null;
  readonly statedBillableMinutes?: Minutes | null;
  readonly rateClass?: string | null;
}
export interface LogTimeEntry extends About, TimeEntryInput {
  readonly type: 'LogTimeEntry';
  readonly timeEntryId: string;
}
/** All facts, corrected; what is left out becomes null. */
export interface CorrectTimeEntry extends About, TimeEntryInput {
  readonly type: 'CorrectTimeEntry';
  readonly timeEntryId: string;
  readonly reason: string;
}
export interface ApproveTimeEntry extends About {
  readonly type: 'ApproveTimeEntry';
  readonly timeEntryId: string;
}
export interface RejectTimeEntry extends About {
  readonly type: 'RejectTimeEntry';
  readonly timeEntryId: string;
  readonly reason: string;
}
/**
 * Sets an hourly price for one entry, with a reason; null removes it. Yields nothing if it is so already. Refuses, in this order:
 * WorkItemUnknown, WorkItemVoided, FieldInvalid, MoneyInvalid, OwnWork.
 */
export interface OverrideTimeEntryPrice extends About {
  readonly type: 'OverrideTimeEntryPrice';
  readonly timeEntryId: string;
  readonly pricePerHour: MoneyJson | null;
  readonly reason: string;
}
export interface VoidTimeEntry extends About {
  readonly type: 'VoidTimeEntry';
  readonly timeEntryId: string;
  readonly reason: string;
}
export interface RecordMaterialUsage extends About, MaterialInput {
  readonly type: 'RecordMaterialUsage';
  readonly materialUsageId: string;
}
export interface CorrectMaterialUsage extends About, MaterialInput {
  readonly type: 'CorrectMaterialUsage';
  readonly materialUsageId: string;
  readonly reason: string;
}
export interface VoidMaterialUsage extends About {
  readonly type: 'VoidMaterialUsage';
  readonly materialUsageId: string;
  readonly reason: string;
}
export interface RecordExpense extends About, ExpenseInput {
  readonly type: 'RecordExpense';
  readonly expenseId: string;
}
export interface CorrectExpense extends About, ExpenseInput {
  readonly type: 'CorrectExpense';
  readonly expenseId: string;
  readonly reason: string;
}
export interface VoidExpense extends About {
  readonly type: 'VoidExpense';
  readonly expenseId: string;
  readonly reason: string;
}
/** Declares the whole ticket free of charge. Before its resolution; afterwards Accounts can write its work off. */
export interface DeclareNoCharge extends About {
  readonly type: 'DeclareNoCharge';
  readonly reasonCode: string;
  readonly reason: string;
}

export type TransitionCommand =
  | RequestTicket
  | TriageTicket
  | AssignTicket
  | StartWork
  | PendTicketOnClient
  | PendTicketOnThirdParty
  | ResumeTicket
  | ResolveTicket
  | RequestServiceVerification
  | ApproveServiceVerification
  | RejectServiceVerification
  | CloseTicket
  | CancelTicket
  | ReopenTicket;
export type TimeCommand =
  | StartTimer
  | StopTimer
  | LogTimeEntry
  | CorrectTimeEntry
  | ApproveTimeEntry
  | RejectTimeEntry
  | OverrideTimeEntryPrice
  | VoidTimeEntry;
export type GoodsCommand =
  RecordMaterialUsage | CorrectMaterialUsage | VoidMaterialUsage | RecordExpense | CorrectExpense | VoidExpense;
export type DescriptionCommand = ReclassifyTicket | ReprioritiseTicket | AddNote | DeclareNoCharge;
export type TicketCommand = TransitionCommand | TimeCommand | GoodsCommand | DescriptionCommand;
