import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { toldDelegations } from '@billtrail/application';
import { pageOfList } from '@billtrail/read-models';
import { For } from '../access/access-policy.js';
import { DelegationsQuery } from '../http/queries.dto.js';
import { Questions } from '../http/questions.js';

/** Who approves in whose place, and on which days. */
@ApiTags('Delegations')
@ApiBearerAuth()
@Controller('delegations')
@For('support', 'operations', 'accounts')
export class DelegationsController {
  constructor(private readonly questions: Questions) {}

  @Get()
  @ApiOperation({ summary: 'List who approves in whose place, by their ids' })
  list(@Query() { limit, cursor, atLeast, ...filter }: DelegationsQuery) {
    return this.questions.ask(async (ports) => {
      const found = await toldDelegations(ports, filter);
      const inOrder = found.toSorted((one, other) => (one.delegationId < other.delegationId ? -1 : 1));
      return pageOfList('delegations', inOrder, ({ delegationId }) => delegationId, { limit, cursor });
    }, atLeast);
  }
}
