import { IsOptional } from 'class-validator';
import type { MoneyJson } from '@billtrail/kernel';
import type * as ticketing from '@billtrail/ticketing';
import { TicketCommandFields } from './any-ticket.commands.js';
import { CommandName, IsAnId, IsLine, IsMoney } from './fields.js';

/** Gives a piece of work for nothing, or an amount of it. The line stands on the invoice at what is left, with the reason. */
export class GrantCourtesy extends TicketCommandFields implements ticketing.GrantCourtesy {
  @CommandName('GrantCourtesy')
  readonly type = 'GrantCourtesy';
  @IsAnId()
  workItemId: string;
  /** What is taken off; by default all that the work comes to. */
  @IsOptional()
  @IsMoney()
  amount?: MoneyJson | null;
  /** The client reads it. */
  @IsLine()
  reason: string;
  /** For the house alone. */
  @IsOptional()
  @IsLine()
  comment?: string | null;
}

/** Takes a courtesy back before the work is invoiced: it is asked for again. */
export class WithdrawCourtesy extends TicketCommandFields implements ticketing.WithdrawCourtesy {
  @CommandName('WithdrawCourtesy')
  readonly type = 'WithdrawCourtesy';
  @IsAnId()
  workItemId: string;
  @IsLine()
  reason: string;
}
