import { IsBoolean, IsOptional, ValidateIf } from 'class-validator';
import type { Instant, LocalDate } from '@billtrail/kernel';
import { PRIORITIES, type Priority } from '@billtrail/ticketing';
import type * as ticketing from '@billtrail/ticketing';
import {
  AreMinutes,
  CommandName,
  IsADecimal,
  IsALocalDate,
  IsAnId,
  IsAnInstant,
  IsLine,
  IsOneOf,
  IsText,
} from './fields.js';
import { IsMoney, IsMoneyOrNull, MoneyInput } from './money.dto.js';

const RATE_CLASSES = ['business', 'after-hours', 'weekend', 'holiday'];

/** The fields of every ticket command: the ticket, and when it happened if that was not just now. */
abstract class TicketCommandFields {
  @IsAnId()
  ticketId: string;
  /** Business time; by default the time of the request. Back-dated work is normal. */
  @IsOptional()
  @IsAnInstant()
  occurredAt?: Instant;
}

/** A field that is absent or null keeps its value. */
abstract class ClassificationFields extends TicketCommandFields {
  @IsOptional()
  @IsAnId()
  clientId?: string | null;
  @IsOptional()
  @IsAnId()
  contractId?: string | null;
  @IsOptional()
  @IsAnId()
  siteId?: string | null;
  @IsOptional()
  @IsLine(100)
  category?: string | null;
  @IsOptional()
  @IsLine(100)
  ticketType?: string | null;
  @IsOptional()
  @IsOneOf(PRIORITIES)
  priority?: Priority | null;
}

export class RequestTicket extends ClassificationFields implements ticketing.RequestTicket {
  @CommandName('RequestTicket')
  readonly type = 'RequestTicket';
  /** The number people know it by, if it differs from the id. */
  @IsOptional()
  @IsLine(100)
  reference?: string | null;
  @IsLine()
  summary: string;
  @IsOptional()
  @IsText()
  description?: string | null;
  @IsOptional()
  @IsLine(100)
  requestedBy?: string | null;
  /** The system it came from, if it was not requested here. */
  @IsOptional()
  @IsLine(100)
  source?: string | null;
}

export class TriageTicket extends ClassificationFields implements ticketing.TriageTicket {
  @CommandName('TriageTicket')
  readonly type = 'TriageTicket';
}

/** Corrects the classification at any stage: a contract found late, a wrong client. */
export class ReclassifyTicket extends ClassificationFields implements ticketing.ReclassifyTicket {
  @CommandName('ReclassifyTicket')
  readonly type = 'ReclassifyTicket';
  @IsOptional()
  @IsLine()
  reason?: string | null;
}

export class AssignTicket extends TicketCommandFields implements ticketing.AssignTicket {
  @CommandName('AssignTicket')
  readonly type = 'AssignTicket';
  @IsAnId()
  engineerId: string;
  @IsOptional()
  @IsLine(100)
  team?: string | null;
}

export class StartWork extends TicketCommandFields implements ticketing.StartWork {
  @CommandName('StartWork')
  readonly type = 'StartWork';
}

abstract class PendFields extends TicketCommandFields {
  @IsOptional()
  @IsLine()
  reason?: string | null;
}
export class PendTicketOnClient extends PendFields implements ticketing.PendTicketOnClient {
  @CommandName('PendTicketOnClient')
  readonly type = 'PendTicketOnClient';
}
export class PendTicketOnThirdParty extends PendFields implements ticketing.PendTicketOnThirdParty {
  @CommandName('PendTicketOnThirdParty')
  readonly type = 'PendTicketOnThirdParty';
}

export class ResumeTicket extends TicketCommandFields implements ticketing.ResumeTicket {
  @CommandName('ResumeTicket')
  readonly type = 'ResumeTicket';
}

export class ResolveTicket extends TicketCommandFields implements ticketing.ResolveTicket {
  @CommandName('ResolveTicket')
  readonly type = 'ResolveTicket';
  @IsOptional()
  @IsText()
  resolution?: string | null;
  /** Whether materials are listed on the ticket, or none were used. */
  @IsOptional()
  @IsOneOf(['listed', 'none-used'])
  materials?: 'listed' | 'none-used' | null;
  /** Whether the work was in the contract. */
  @IsOptional()
  @IsOneOf(['in-contract', 'out-of-scope'])
  scope?: 'in-contract' | 'out-of-scope' | null;
}

export class RequestServiceVerification extends TicketCommandFields implements ticketing.RequestServiceVerification {
  @CommandName('RequestServiceVerification')
  readonly type = 'RequestServiceVerification';
}

export class ApproveServiceVerification extends TicketCommandFields implements ticketing.ApproveServiceVerification {
  @CommandName('ApproveServiceVerification')
  readonly type = 'ApproveServiceVerification';
}

export class RejectServiceVerification extends TicketCommandFields implements ticketing.RejectServiceVerification {
  @CommandName('RejectServiceVerification')
  readonly type = 'RejectServiceVerification';
  @IsLine()
  reason: string;
}

export class CloseTicket extends TicketCommandFields implements ticketing.CloseTicket {
  @CommandName('CloseTicket')
  readonly type = 'CloseTicket';
}

export class CancelTicket extends TicketCommandFields implements ticketing.CancelTicket {
  @CommandName('CancelTicket')
  readonly type = 'CancelTicket';
  @IsOneOf(['cancelled', 'duplicate'])
  as: 'cancelled' | 'duplicate';
  @IsOptional()
  @IsAnId()
  duplicateOf?: string | null;
  @IsLine()
  reason: string;
}

export class ReopenTicket extends TicketCommandFields implements ticketing.ReopenTicket {
  @CommandName('ReopenTicket')
  readonly type = 'ReopenTicket';
  /** The engineer who takes it; by default the one who had it. */
  @IsOptional()
  @IsAnId()
  engineerId?: string | null;
  @IsOptional()
  @IsLine()
  reason?: string | null;
}

export class ReprioritiseTicket extends TicketCommandFields implements ticketing.ReprioritiseTicket {
  @CommandName('ReprioritiseTicket')
  readonly type = 'ReprioritiseTicket';
  @IsOneOf(PRIORITIES)
  priority: Priority;
}

export class AddNote extends TicketCommandFields implements ticketing.AddNote {
  @CommandName('AddNote')
  readonly type = 'AddNote';
  @IsAnId()
  noteId: string;
  @IsText()
  text: string;
  @IsOneOf(['internal', 'client'])
  visibility: 'internal' | 'client' = 'internal';
}

abstract class TimeEntryFields extends TicketCommandFields {
  @IsAnId()
  timeEntryId: string;
  @IsAnId()
  engineerId: string;
  /** The role the engineer worked in; with the work type it determines the price. */
  @IsLine(100)
  engineerRole: string;
  @IsLine(100)
  workType: string;
  /** Actual minutes worked. */
  @AreMinutes()
  minutes: number;
  /** The day of the work in the client's time zone. */
  @IsALocalDate()
  workDate: LocalDate;
  @IsOptional()
  @IsAnInstant()
  startedAt?: Instant | null;
  @IsOptional()
  @IsAnInstant()
  endedAt?: Instant | null;
  /** Billable minutes as stated by the engineer; by default the actual minutes. */
  @IsOptional()
  @AreMinutes()
  statedBillableMinutes?: number | null;
  @IsOptional()
  @IsOneOf(RATE_CLASSES)
  rateClass?: string | null;
  @IsLine()
  description: string;
}

export class LogTimeEntry extends TimeEntryFields implements ticketing.LogTimeEntry {
  @CommandName('LogTimeEntry')
  readonly type = 'LogTimeEntry';
}

export class CorrectTimeEntry extends TimeEntryFields implements ticketing.CorrectTimeEntry {
  @CommandName('CorrectTimeEntry')
  readonly type = 'CorrectTimeEntry';
  @IsLine()
  reason: string;
}

export class ApproveTimeEntry extends TicketCommandFields implements ticketing.ApproveTimeEntry {
  @CommandName('ApproveTimeEntry')
  readonly type = 'ApproveTimeEntry';
  @IsAnId()
  timeEntryId: string;
}

export class RejectTimeEntry extends TicketCommandFields implements ticketing.RejectTimeEntry {
  @CommandName('RejectTimeEntry')
  readonly type = 'RejectTimeEntry';
  @IsAnId()
  timeEntryId: string;
  @IsLine()
  reason: string;
}

/** Sets an hourly price for this entry, whatever the contract's rate card says; `null` removes it. */
export class OverrideTimeEntryPrice extends TicketCommandFields implements ticketing.OverrideTimeEntryPrice {
  @CommandName('OverrideTimeEntryPrice')
  readonly type = 'OverrideTimeEntryPrice';
  @IsAnId()
  timeEntryId: string;
  @ValidateIf((command: OverrideTimeEntryPrice) => command.pricePerHour !== null)
  @IsMoney()
  pricePerHour: MoneyInput | null;
  @IsLine()
  reason: string;
}

export class VoidTimeEntry extends TicketCommandFields implements ticketing.VoidTimeEntry {
  @CommandName('VoidTimeEntry')
  readonly type = 'VoidTimeEntry';
  @IsAnId()
  timeEntryId: string;
  @IsLine()
  reason: string;
}

abstract class MaterialFields extends TicketCommandFields {
  @IsAnId()
  materialUsageId: string;
  @IsLine(100)
  itemCode: string;
  @IsLine()
  description: string;
  /** A decimal string above zero. */
  @IsADecimal()
  quantity: string;
  @IsLine(30)
  unit: string = 'each';
  @IsMoneyOrNull()
  unitCost?: MoneyInput | null;
  @IsMoneyOrNull()
  listPrice?: MoneyInput | null;
  @IsOptional()
  @IsLine(100)
  serialNumber?: string | null;
  @IsBoolean()
  underWarranty: boolean = false;
  @IsALocalDate()
  workDate: LocalDate;
}

export class RecordMaterialUsage extends MaterialFields implements ticketing.RecordMaterialUsage {
  @CommandName('RecordMaterialUsage')
  readonly type = 'RecordMaterialUsage';
}

export class CorrectMaterialUsage extends MaterialFields implements ticketing.CorrectMaterialUsage {
  @CommandName('CorrectMaterialUsage')
  readonly type = 'CorrectMaterialUsage';
  @IsLine()
  reason: string;
}

export class VoidMaterialUsage extends TicketCommandFields implements ticketing.VoidMaterialUsage {
  @CommandName('VoidMaterialUsage')
  readonly type = 'VoidMaterialUsage';
  @IsAnId()
  materialUsageId: string;
  @IsLine()
  reason: string;
}

abstract class ExpenseFields extends TicketCommandFields {
  @IsAnId()
  expenseId: string;
  @IsLine()
  description: string;
  @IsMoney()
  cost: MoneyInput;
  @IsOptional()
  @IsLine(100)
  receiptReference?: string | null;
  @IsALocalDate()
  workDate: LocalDate;
}

export class RecordExpense extends ExpenseFields implements ticketing.RecordExpense {
  @CommandName('RecordExpense')
  readonly type = 'RecordExpense';
}

export class CorrectExpense extends ExpenseFields implements ticketing.CorrectExpense {
  @CommandName('CorrectExpense')
  readonly type = 'CorrectExpense';
  @IsLine()
  reason: string;
}

export class VoidExpense extends TicketCommandFields implements ticketing.VoidExpense {
  @CommandName('VoidExpense')
  readonly type = 'VoidExpense';
  @IsAnId()
  expenseId: string;
  @IsLine()
  reason: string;
}

export class DeclareNoCharge extends TicketCommandFields implements ticketing.DeclareNoCharge {
  @CommandName('DeclareNoCharge')
  readonly type = 'DeclareNoCharge';
  @IsLine(50)
  reasonCode: string;
  @IsLine()
  reason: string;
}

export class StartTimer extends TicketCommandFields implements ticketing.StartTimer {
  @CommandName('StartTimer')
  readonly type = 'StartTimer';
  @IsAnId()
  timerId: string;
  @IsAnId()
  engineerId: string;
}

/** With `timeEntryId` it logs a time entry from start to stop, which needs the other fields; without it the time is discarded. */
export class StopTimer extends TicketCommandFields implements ticketing.StopTimer {
  @CommandName('StopTimer')
  readonly type = 'StopTimer';
  @IsAnId()
  timerId: string;
  @IsOptional()
  @IsAnId()
  timeEntryId?: string | null;
  @IsOptional()
  @IsLine(100)
  engineerRole?: string | null;
  @IsOptional()
  @IsLine(100)
  workType?: string | null;
  @IsOptional()
  @IsALocalDate()
  workDate?: LocalDate | null;
  @IsOptional()
  @IsLine()
  description?: string | null;
  @IsOptional()
  @AreMinutes()
  statedBillableMinutes?: number | null;
  @IsOptional()
  @IsOneOf(RATE_CLASSES)
  rateClass?: string | null;
}
