import { IsOptional, ValidateIf } from 'class-validator';
import type { Instant, LocalDate, MoneyJson } from '@billtrail/kernel';
import type * as ticketing from '@billtrail/ticketing';
import type { TicketCommand } from '@billtrail/ticketing';
import type { CommandClass, CommandFamily, CommandPorts, CommandRoute } from '../command-path/command-definition.js';
import type { CommandWarning } from '../command-path/command-envelope.js';
import { TicketCommandFields, WORKERS, ticketCommand } from './any-ticket.commands.js';
import { APPROVING } from './approving.commands.js';
import { warnOfEngineersDay } from './engineer-days.js';
import { lookAtCourtesy, lookAtWithdrawal } from './courtesies.js';
import { type AboutWork, warnOfForgoneLeft, warnOfForgoneVoided } from './forgone-ends.js';
import { lookAtOverride } from './price-of-entry.js';
import { onHeldWork } from './held-work.js';
import { takenOff } from './taken-off.js';
import { GrantCourtesy, WithdrawCourtesy } from './courtesy.commands.js';
import {
  AreMinutes,
  CommandName,
  IsADecimal,
  IsALocalDate,
  IsAnId,
  IsAnInstant,
  IsLine,
  IsMoney,
  IsTrueOrFalse,
} from './fields.js';

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
  /** `business`, `after-hours`, `weekend`, `holiday`, or a class that a calendar names: of the contract, the site, the client or the organisation. */
  @IsOptional()
  @IsLine(50)
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

/** Sets an hourly price for this entry, whatever the contract's rate card says; `null` removes it. */
export class OverrideTimeEntryPrice extends TicketCommandFields implements ticketing.OverrideTimeEntryPrice {
  @CommandName('OverrideTimeEntryPrice')
  readonly type = 'OverrideTimeEntryPrice';
  @IsAnId()
  timeEntryId: string;
  @ValidateIf((command: OverrideTimeEntryPrice) => command.pricePerHour !== null)
  @IsMoney()
  pricePerHour: MoneyJson | null;
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
  @IsOptional()
  @IsMoney()
  unitCost?: MoneyJson | null;
  /** What of the unit cost is tax that is claimed back. By default the unit cost is net. */
  @IsOptional()
  @IsMoney()
  taxIncluded?: MoneyJson | null;
  @IsOptional()
  @IsMoney()
  listPrice?: MoneyJson | null;
  @IsOptional()
  @IsLine(100)
  serialNumber?: string | null;
  /** Their maker replaces them: they are free, by the claim of this number. */
  @IsTrueOrFalse()
  underWarranty: boolean = false;
  /** Number of the claim at whoever replaces them. Goods under warranty need one. */
  @IsOptional()
  @IsLine(100)
  warrantyClaim?: string | null;
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

/** Records what the supplier gave back for goods under warranty: their claim ends by as much. */
export class RecordSupplierCredit extends TicketCommandFields implements ticketing.RecordSupplierCredit {
  @CommandName('RecordSupplierCredit')
  readonly type = 'RecordSupplierCredit';
  @IsAnId()
  materialUsageId: string;
  /** Net of tax, of all pieces. */
  @IsMoney()
  amount: MoneyJson;
  /** Number of the supplier's document. */
  @IsLine(100)
  reference: string;
  @IsALocalDate()
  creditedOn: LocalDate;
}

/** Takes back a supplier's credit that was recorded: the claim is open again by as much. */
export class WithdrawSupplierCredit extends TicketCommandFields implements ticketing.WithdrawSupplierCredit {
  @CommandName('WithdrawSupplierCredit')
  readonly type = 'WithdrawSupplierCredit';
  @IsAnId()
  materialUsageId: string;
  /** Number of the supplier's document. */
  @IsLine(100)
  reference: string;
  @IsLine()
  reason: string;
}

abstract class ExpenseFields extends TicketCommandFields {
  @IsAnId()
  expenseId: string;
  @IsLine()
  description: string;
  /** Of each unit; without a quantity, of the whole. */
  @IsMoney()
  cost: MoneyJson;
  /** What of the cost is tax that is claimed back: 3.00 of a receipt of 33.00. By default the cost is net. */
  @IsOptional()
  @IsMoney()
  taxIncluded?: MoneyJson | null;
  /** A decimal string above zero: kilometres, nights. A receipt is one; of a unit, or of a type that the card prices by the unit, it is required. */
  @IsOptional()
  @IsADecimal()
  quantity?: string | null;
  /** What the quantity counts: `km`. */
  @IsOptional()
  @IsLine(30)
  unit?: string | null;
  /** By which the rate card may price or limit it: `mileage`, `meals`. */
  @IsOptional()
  @IsLine(100)
  expenseType?: string | null;
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
  /** `business`, `after-hours`, `weekend`, `holiday`, or a class that a calendar names: of the contract, the site, the client or the organisation. */
  @IsOptional()
  @IsLine(50)
  rateClass?: string | null;
}

/** What was forgone of the work may end. */
const corrects = <C extends TicketCommand & AboutWork>(
  command: CommandClass<C>,
  route: CommandRoute,
  warn: (given: C, ports: CommandPorts) => Promise<readonly CommandWarning[]> = warnOfForgoneLeft,
) => onHeldWork(command, WORKERS, route, 'correct-work', warn);
const voids = <C extends TicketCommand & AboutWork>(command: CommandClass<C>, route: CommandRoute) =>
  onHeldWork(command, WORKERS, route, 'void-work', warnOfForgoneVoided);

/** Work on a ticket: time, materials, expenses, timers. Nothing is deleted: a mistake is corrected or voided with a reason. */
export const workFamily: CommandFamily = {
  heading: 'Work',
  path: 'tickets/:ticketId',
  commands: [
    ticketCommand(
      LogTimeEntry,
      WORKERS,
      { summary: 'Log a time entry', path: 'time-entries', adds: true, makes: { timeEntryId: 'te' } },
      undefined,
      undefined,
      async (given, ports) => warnOfEngineersDay(given, ports),
    ),
    corrects(
      CorrectTimeEntry,
      { summary: 'Correct a time entry', path: 'time-entries/:timeEntryId/correct' },
      async (given, ports) => [...(await warnOfForgoneLeft(given, ports)), ...warnOfEngineersDay(given, ports)],
    ),
    ...APPROVING,
    ticketCommand(
      OverrideTimeEntryPrice,
      ['accounts'],
      {
        summary: 'Override the price of a time entry',
        path: 'time-entries/:timeEntryId/price',
      },
      lookAtOverride,
      {
        act: 'price-override',
        of: (given) => takenOff(given.timeEntryId, given.ticketId, given),
      },
    ),
    voids(VoidTimeEntry, { summary: 'Void a time entry', path: 'time-entries/:timeEntryId/void' }),
    ticketCommand(RecordMaterialUsage, WORKERS, {
      summary: 'Record material usage',
      path: 'materials',
      adds: true,
      makes: { materialUsageId: 'mu' },
    }),
    corrects(CorrectMaterialUsage, { summary: 'Correct material usage', path: 'materials/:materialUsageId/correct' }),
    voids(VoidMaterialUsage, { summary: 'Void material usage', path: 'materials/:materialUsageId/void' }),
    ticketCommand(RecordSupplierCredit, ['accounts'], {
      summary: 'Record a supplier credit for goods under warranty',
      path: 'materials/:materialUsageId/supplier-credits',
      adds: true,
    }),
    ticketCommand(WithdrawSupplierCredit, ['accounts'], {
      summary: 'Withdraw a supplier credit that was recorded',
      path: 'materials/:materialUsageId/supplier-credits/withdraw',
    }),
    ticketCommand(RecordExpense, WORKERS, {
      summary: 'Record an expense',
      path: 'expenses',
      adds: true,
      makes: { expenseId: 'ex' },
    }),
    corrects(CorrectExpense, { summary: 'Correct an expense', path: 'expenses/:expenseId/correct' }),
    voids(VoidExpense, { summary: 'Void an expense', path: 'expenses/:expenseId/void' }),
    ticketCommand(
      GrantCourtesy,
      ['accounts'],
      { summary: 'Give work, or an amount of it, as a courtesy', path: 'work/:workItemId/courtesy' },
      lookAtCourtesy,
      { act: 'courtesy', of: (given) => takenOff(given.workItemId, given.ticketId, given) },
    ),
    ticketCommand(
      WithdrawCourtesy,
      ['accounts'],
      { summary: 'Withdraw a courtesy', path: 'work/:workItemId/courtesy/withdraw' },
      lookAtWithdrawal,
    ),
    ticketCommand(StartTimer, WORKERS, {
      summary: 'Start a timer',
      path: 'timers',
      adds: true,
      makes: { timerId: 'tm' },
    }),
    ticketCommand(StopTimer, WORKERS, { summary: 'Stop a timer', path: 'timers/:timerId/stop' }),
  ],
};
