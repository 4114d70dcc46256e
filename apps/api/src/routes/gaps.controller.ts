import { Body, Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { billingCommands } from '@billtrail/application';
import { For } from '../access/access-policy.js';
import { FromCaller, type Caller } from '../http/caller.js';
import { Commands } from '../http/commands.js';
import { GapQuery, ReadQuery } from '../http/queries.dto.js';
import { Questions } from '../http/questions.js';
import { Writes } from '../http/writes.js';

/** Deviations between what was done and what was billed. A gap is never deleted: an event closes it. */
@ApiTags('Gaps')
@ApiBearerAuth()
@Controller('gaps')
@For('operations', 'accounts')
export class GapsController {
  constructor(
    private readonly questions: Questions,
    private readonly commands: Commands,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List gaps in the order they were opened' })
  list(@Query() { limit, cursor, atLeast, ...filter }: GapQuery) {
    return this.questions.ask(({ models }) => models.gaps.list(filter, { limit, cursor }), atLeast);
  }

  @Get(':gapId')
  @ApiOperation({ summary: 'Get a gap' })
  get(@Param('gapId') gapId: string, @Query() { atLeast }: ReadQuery) {
    return this.questions.find('Gap', gapId, ({ models }) => models.gaps.get(gapId), atLeast);
  }

  @Writes('Assign a gap to an owner', ':gapId/assign', billingCommands.AssignBillingGap, ['gapId'])
  assign(@FromCaller() caller: Caller, @Param('gapId') gapId: string, @Body() body: unknown) {
    return this.commands.send(billingCommands.AssignBillingGap, caller, body, { gapId });
  }

  @Writes('Accept a gap with a reason: it will not be billed', ':gapId/accept', billingCommands.AcceptBillingGap, [
    'gapId',
  ])
  accept(@FromCaller() caller: Caller, @Param('gapId') gapId: string, @Body() body: unknown) {
    return this.commands.send(billingCommands.AcceptBillingGap, caller, body, { gapId });
  }
}
