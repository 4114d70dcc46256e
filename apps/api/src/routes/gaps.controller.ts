import { Body, Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { billingCommands } from '@billtrail/application';
import { For } from '../access/access-policy.js';
import { FromCaller, type Caller } from '../http/caller.js';
import { Commands } from '../http/commands.js';
import { GapQuery, ReadQuery } from '../http/queries.dto.js';
import { Questions } from '../http/questions.js';
import { Writes } from '../http/writes.js';

/** What was done and not billed. A gap is never deleted; it ends by an event. */
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
  @ApiOperation({ summary: 'Gaps, in the order of opening' })
  list(@Query() { limit, cursor, atLeast, ...filter }: GapQuery) {
    return this.questions.ask(({ models }) => models.gaps.list(filter, { limit, cursor }), atLeast);
  }

  @Get(':gapId')
  @ApiOperation({ summary: 'One gap' })
  get(@Param('gapId') gapId: string, @Query() { atLeast }: ReadQuery) {
    return this.questions.find('Gap', gapId, ({ models }) => models.gaps.get(gapId), atLeast);
  }

  @Writes('Give a gap an owner', ':gapId/assign', billingCommands.AssignBillingGap, ['gapId'])
  assign(@FromCaller() caller: Caller, @Param('gapId') gapId: string, @Body() body: unknown) {
    return this.commands.send(billingCommands.AssignBillingGap, caller, body, { gapId });
  }

  @Writes('Accept a gap: not to be billed, and why', ':gapId/accept', billingCommands.AcceptBillingGap, ['gapId'])
  accept(@FromCaller() caller: Caller, @Param('gapId') gapId: string, @Body() body: unknown) {
    return this.commands.send(billingCommands.AcceptBillingGap, caller, body, { gapId });
  }
}
