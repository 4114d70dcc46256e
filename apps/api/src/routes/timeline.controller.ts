import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ticketActedOn } from '@billtrail/application';
import { For } from '../access/access-policy.js';
import { actionsNow } from '../http/actions.js';
import { FromCaller, type Caller } from '../http/caller.js';
import { ReadQuery, TimelineQuery } from '../http/queries.dto.js';
import { Questions } from '../http/questions.js';

/** The whole story of a ticket, and the outcome of its work. */
@ApiTags('Tickets')
@ApiBearerAuth()
@Controller('tickets/:ticketId')
@For('operations', 'support', 'accounts')
export class TimelineController {
  constructor(private readonly questions: Questions) {}

  @Get('timeline')
  @ApiOperation({
    summary: 'List everything that happened to a ticket',
  })
  timeline(@Param('ticketId') ticketId: string, @Query() { atLeast, limit, cursor, upTo }: TimelineQuery) {
    return this.questions.find(
      'Ticket',
      ticketId,
      ({ models }) => models.timeline.timeline(ticketId, { limit, cursor, upTo }),
      atLeast,
    );
  }

  @Get('outcome')
  @ApiOperation({ summary: 'Get items, gaps, invoices, and what you may do, of a ticket' })
  outcome(@FromCaller() caller: Caller, @Param('ticketId') ticketId: string, @Query() { atLeast }: ReadQuery) {
    return this.questions.find(
      'Ticket',
      ticketId,
      async (ports) => {
        const { timeline } = ports.models;
        if ((await timeline.timeline(ticketId, { limit: 1 })) === null) return null;
        const outcome = await timeline.outcome(ticketId);
        const hasGoods = outcome.items.some(({ kind }) => kind !== 'time');
        return { ...outcome, actions: await actionsNow(ports, await ticketActedOn(ports, ticketId, hasGoods), caller) };
      },
      atLeast,
    );
  }
}
