import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { For } from '../access/access-policy.js';
import { ReadQuery, TimelineQuery } from '../http/queries.dto.js';
import { Questions } from '../http/questions.js';

/** The whole story of a ticket, and what became of its work. */
@ApiTags('Tickets')
@ApiBearerAuth()
@Controller('tickets/:ticketId')
@For('operations', 'support', 'accounts')
export class TimelineController {
  constructor(private readonly questions: Questions) {}

  @Get('timeline')
  @ApiOperation({
    summary: 'Everything that happened to the ticket, in the order of the log; upTo: as it was at that position',
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
  @ApiOperation({ summary: 'What became of its work: items, gaps, invoices' })
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
