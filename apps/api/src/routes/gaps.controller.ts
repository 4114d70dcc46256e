import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { For } from '../access/access-policy.js';
import { actionsNow } from '../http/actions.js';
import { FromCaller, type Caller } from '../http/caller.js';
import { GapQuery, ReadQuery } from '../http/queries.dto.js';
import { Questions } from '../http/questions.js';

/** Deviations between what was done and what was billed. A gap is never deleted: an event closes it. */
@ApiTags('Gaps')
@ApiBearerAuth()
@Controller('gaps')
@For('operations', 'accounts')
export class GapsController {
  constructor(private readonly questions: Questions) {}

  @Get()
  @ApiOperation({ summary: 'List gaps in the order they were opened' })
  list(@Query() { limit, cursor, atLeast, ...filter }: GapQuery) {
    return this.questions.ask(({ models }) => models.gaps.list(filter, { limit, cursor }), atLeast);
  }

  @Get(':gapId')
  @ApiOperation({ summary: 'Get a gap, with what you may do with it' })
  get(@FromCaller() caller: Caller, @Param('gapId') gapId: string, @Query() { atLeast }: ReadQuery) {
    return this.questions.find(
      'Gap',
      gapId,
      async (ports) => {
        const gap = await ports.models.gaps.get(gapId);
        return gap && { ...gap, actions: await actionsNow(ports, { own: { gapId } }, caller) };
      },
      atLeast,
    );
  }
}
