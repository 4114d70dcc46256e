import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { For } from '../access/access-policy.js';
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
  @ApiOperation({ summary: 'Get the items, gaps and invoices of a ticket' })
  outcome(@Param('ticketId') ticketId: string, @Query() { atLeast }: ReadQuery) {
    return this.questions.find(
      'Ticket',
      ticketId,
      async ({ models }) => {
        const known = await models.timeline.timeline(ticketId, { limit: 1 });
        return known === null ? null : models.timeline.outcome(ticketId);
      },
      atLeast,
    );
  }
}
