import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { For } from '../access/access-policy.js';
import { PastQuery } from '../http/queries.dto.js';
import { Questions } from '../http/questions.js';

/** How far the milestones of a project have come. */
@ApiTags('Contracts')
@ApiBearerAuth()
@Controller()
@For('operations', 'accounts')
export class MilestonesController {
  constructor(private readonly questions: Questions) {}

  @Get('contracts/:contractId/milestones')
  @ApiOperation({ summary: 'List the milestones of a contract, open or billed' })
  milestones(@Param('contractId') contractId: string, @Query() { atLeast, upTo }: PastQuery) {
    const when = { atLeast, upTo, about: { contractId } };
    return this.questions.findNamed('Contract', contractId, 'listMilestones', { contractId }, when);
  }
}
