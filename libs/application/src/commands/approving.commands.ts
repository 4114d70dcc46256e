import { IsOptional } from 'class-validator';
import type * as ticketing from '@billtrail/ticketing';
import type { TicketCommand } from '@billtrail/ticketing';
import type { CommandClass, CommandDefinition, CommandRoute } from '../command-path/command-definition.js';
import { DISPATCHERS, TicketCommandFields, ticketCommand } from './any-ticket.commands.js';
import { warnOfRequestsEnded } from './ended-by-approval.js';
import type { AboutWork } from './forgone-ends.js';
import { onHeldWork } from './held-work.js';
import { CommandName, IsAnId, IsLine, IsWholeNumber } from './fields.js';

/** Most corrections of one piece of work that can be told apart. */
const MAX_VERSION = 1_000_000;

/** Decides on work as whoever sends it has seen it. */
abstract class DecisionOnWork extends TicketCommandFields {
  /**
   * What you decide on: 1 as recorded first, one more with each correction. If the work is at another one, nothing is decided, and the refusal
   * (`WorkChanged`) tells its facts. By default 1.
   */
  @IsOptional()
  @IsWholeNumber(1, MAX_VERSION)
  version?: number | null;
}

abstract class ApprovalOfWork extends DecisionOnWork {
  /** The person in whose place you approve: they named you for these days. Left out: you approve by your own right. */
  @IsOptional()
  @IsAnId()
  inPlaceOf?: string | null;
}

/** Not to be billed as it stands. */
abstract class RejectionOfWork extends DecisionOnWork {
  @IsLine()
  reason: string;
  /** One of the configuration (`reasonCodes.rejection`), where it has any. */
  @IsOptional()
  @IsLine(50)
  reasonCode?: string | null;
}

export class ApproveTimeEntry extends ApprovalOfWork implements ticketing.ApproveTimeEntry {
  @CommandName('ApproveTimeEntry')
  readonly type = 'ApproveTimeEntry';
  @IsAnId()
  timeEntryId: string;
}

export class RejectTimeEntry extends RejectionOfWork implements ticketing.RejectTimeEntry {
  @CommandName('RejectTimeEntry')
  readonly type = 'RejectTimeEntry';
  @IsAnId()
  timeEntryId: string;
}

export class ApproveMaterialUsage extends ApprovalOfWork implements ticketing.ApproveMaterialUsage {
  @CommandName('ApproveMaterialUsage')
  readonly type = 'ApproveMaterialUsage';
  @IsAnId()
  materialUsageId: string;
}

export class RejectMaterialUsage extends RejectionOfWork implements ticketing.RejectMaterialUsage {
  @CommandName('RejectMaterialUsage')
  readonly type = 'RejectMaterialUsage';
  @IsAnId()
  materialUsageId: string;
}

export class ApproveExpense extends ApprovalOfWork implements ticketing.ApproveExpense {
  @CommandName('ApproveExpense')
  readonly type = 'ApproveExpense';
  @IsAnId()
  expenseId: string;
}

export class RejectExpense extends RejectionOfWork implements ticketing.RejectExpense {
  @CommandName('RejectExpense')
  readonly type = 'RejectExpense';
  @IsAnId()
  expenseId: string;
}

const approves = <C extends TicketCommand & AboutWork>(
  command: CommandClass<C>,
  route: CommandRoute,
): CommandDefinition => ({
  ...ticketCommand(command, DISPATCHERS, route, undefined, undefined, warnOfRequestsEnded),
  byDelegates: true,
});

/** Of work that was approved, or whose ticket was resolved, this takes away what would be asked. */
const rejects = <C extends TicketCommand & AboutWork>(command: CommandClass<C>, route: CommandRoute) =>
  onHeldWork(command, DISPATCHERS, route, 'reject-work');

export const APPROVING: readonly CommandDefinition[] = [
  approves(ApproveTimeEntry, {
    summary: 'Approve a time entry',
    path: 'time-entries/:timeEntryId/approve',
  }),
  rejects(RejectTimeEntry, { summary: 'Reject a time entry', path: 'time-entries/:timeEntryId/reject' }),
  approves(ApproveMaterialUsage, {
    summary: 'Approve material usage',
    path: 'materials/:materialUsageId/approve',
  }),
  rejects(RejectMaterialUsage, { summary: 'Reject material usage', path: 'materials/:materialUsageId/reject' }),
  approves(ApproveExpense, {
    summary: 'Approve an expense',
    path: 'expenses/:expenseId/approve',
  }),
  rejects(RejectExpense, { summary: 'Reject an expense', path: 'expenses/:expenseId/reject' }),
];
