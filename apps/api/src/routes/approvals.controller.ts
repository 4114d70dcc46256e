import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { For } from '../access/access-policy.js';
import { ApprovalsOfQuery, ReadQuery } from '../http/queries.dto.js';
import { Questions } from '../http/questions.js';

/** Acts that forgo money on one person's word: which of them have effect, and which wait for a second person. */
@ApiTags('Gaps')
@ApiBearerAuth()
@Controller('approvals')
@For('operations', 'accounts')
export class ApprovalsController {
  constructor(private readonly questions: Questions) {}

  @Get()
  @ApiOperation({ summary: 'List requests to forgo money, in the order of the log' })
  list(@Query() { limit, cursor, atLeast, ...filter }: ApprovalsOfQuery) {
    return this.questions.ask(({ models }) => models.approvals.list(filter, { limit, cursor }), atLeast);
  }

  @Get(':requestId')
  @ApiOperation({ summary: 'Get a request to forgo money' })
  get(@Param('requestId') requestId: string, @Query() { atLeast }: ReadQuery) {
    return this.questions.find('Approval', requestId, ({ models }) => models.approvals.get(requestId), atLeast);
  }
}
