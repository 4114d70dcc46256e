import { Body, Controller, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiParam, ApiTags } from '@nestjs/swagger';
import { ticketCommands as tickets } from '@billtrail/application';
import { For } from '../access/access-policy.js';
import { FromCaller, type Caller } from '../http/caller.js';
import { Commands } from '../http/commands.js';
import { Writes } from '../http/writes.js';

/** Work on a ticket: time, materials, expenses, timers. Nothing is deleted: a mistake is corrected or voided with a reason. */
@ApiTags('Work')
@ApiBearerAuth()
@ApiParam({ name: 'ticketId', type: String })
@Controller('tickets/:ticketId')
@For('operations', 'support')
export class WorkController {
  constructor(private readonly commands: Commands) {}

  @Writes('Log a time entry', 'time-entries', tickets.LogTimeEntry, ['ticketId'], 201)
  logTime(@FromCaller() caller: Caller, @Param('ticketId') ticketId: string, @Body() body: unknown) {
    return this.commands.send(tickets.LogTimeEntry, caller, body, { ticketId }, { timeEntryId: caller.newId('te') });
  }

  @Writes('Correct a time entry', 'time-entries/:timeEntryId/correct', tickets.CorrectTimeEntry, [
    'ticketId',
    'timeEntryId',
  ])
  correctTime(@FromCaller() caller: Caller, @Param() path: Record<string, string>, @Body() body: unknown) {
    return this.commands.send(tickets.CorrectTimeEntry, caller, body, path);
  }

  @Writes('Approve a time entry', 'time-entries/:timeEntryId/approve', tickets.ApproveTimeEntry, [
    'ticketId',
    'timeEntryId',
  ])
  approveTime(@FromCaller() caller: Caller, @Param() path: Record<string, string>, @Body() body: unknown) {
    return this.commands.send(tickets.ApproveTimeEntry, caller, body, path);
  }

  @Writes('Reject a time entry', 'time-entries/:timeEntryId/reject', tickets.RejectTimeEntry, [
    'ticketId',
    'timeEntryId',
  ])
  rejectTime(@FromCaller() caller: Caller, @Param() path: Record<string, string>, @Body() body: unknown) {
    return this.commands.send(tickets.RejectTimeEntry, caller, body, path);
  }

  // Accounts sets prices, whoever did the work.
  @For('accounts')
  @Writes('Override the price of a time entry', 'time-entries/:timeEntryId/price', tickets.OverrideTimeEntryPrice, [
    'ticketId',
    'timeEntryId',
  ])
  overridePrice(@FromCaller() caller: Caller, @Param() path: Record<string, string>, @Body() body: unknown) {
    return this.commands.send(tickets.OverrideTimeEntryPrice, caller, body, path);
  }

  @Writes('Void a time entry', 'time-entries/:timeEntryId/void', tickets.VoidTimeEntry, ['ticketId', 'timeEntryId'])
  voidTime(@FromCaller() caller: Caller, @Param() path: Record<string, string>, @Body() body: unknown) {
    return this.commands.send(tickets.VoidTimeEntry, caller, body, path);
  }

  @Writes('Record material usage', 'materials', tickets.RecordMaterialUsage, ['ticketId'], 201)
  recordMaterial(@FromCaller() caller: Caller, @Param('ticketId') ticketId: string, @Body() body: unknown) {
    return this.commands.send(
      tickets.RecordMaterialUsage,
      caller,
      body,
      { ticketId },
      { materialUsageId: caller.newId('mu') },
    );
  }

  @Writes('Correct material usage', 'materials/:materialUsageId/correct', tickets.CorrectMaterialUsage, [
    'ticketId',
    'materialUsageId',
  ])
  correctMaterial(@FromCaller() caller: Caller, @Param() path: Record<string, string>, @Body() body: unknown) {
    return this.commands.send(tickets.CorrectMaterialUsage, caller, body, path);
  }

  @Writes('Void material usage', 'materials/:materialUsageId/void', tickets.VoidMaterialUsage, [
    'ticketId',
    'materialUsageId',
  ])
  voidMaterial(@FromCaller() caller: Caller, @Param() path: Record<string, string>, @Body() body: unknown) {
    return this.commands.send(tickets.VoidMaterialUsage, caller, body, path);
  }

  @Writes('Record an expense', 'expenses', tickets.RecordExpense, ['ticketId'], 201)
  recordExpense(@FromCaller() caller: Caller, @Param('ticketId') ticketId: string, @Body() body: unknown) {
    return this.commands.send(tickets.RecordExpense, caller, body, { ticketId }, { expenseId: caller.newId('ex') });
  }

  @Writes('Correct an expense', 'expenses/:expenseId/correct', tickets.CorrectExpense, ['ticketId', 'expenseId'])
  correctExpense(@FromCaller() caller: Caller, @Param() path: Record<string, string>, @Body() body: unknown) {
    return this.commands.send(tickets.CorrectExpense, caller, body, path);
  }

  @Writes('Void an expense', 'expenses/:expenseId/void', tickets.VoidExpense, ['ticketId', 'expenseId'])
  voidExpense(@FromCaller() caller: Caller, @Param() path: Record<string, string>, @Body() body: unknown) {
    return this.commands.send(tickets.VoidExpense, caller, body, path);
  }

  @Writes('Start a timer', 'timers', tickets.StartTimer, ['ticketId'], 201)
  startTimer(@FromCaller() caller: Caller, @Param('ticketId') ticketId: string, @Body() body: unknown) {
    return this.commands.send(tickets.StartTimer, caller, body, { ticketId }, { timerId: caller.newId('tm') });
  }

  @Writes('Stop a timer', 'timers/:timerId/stop', tickets.StopTimer, ['ticketId', 'timerId'])
  stopTimer(@FromCaller() caller: Caller, @Param() path: Record<string, string>, @Body() body: unknown) {
    return this.commands.send(tickets.StopTimer, caller, body, path);
  }
}
